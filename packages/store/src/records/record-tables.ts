import type { RecordKind, RecordOf } from '@selfheal/contracts';

/** `flag` is a boolean, kept as 0 or 1 on both databases. */
export type ColumnType = 'text' | 'number' | 'flag';

type Field<K extends RecordKind> = Exclude<keyof RecordOf<K>, 'id'> & string;

/** Which fields of a record are columns of its table: those that handlers filter and order by. The record itself is in `body`. */
export interface RecordTable<F extends string = string> {
  readonly columns: { readonly [field in F]?: ColumnType };
  readonly indexes: readonly (readonly F[])[];
  /** Fields that together name one record, besides its id. */
  readonly unique?: readonly F[];
}

/**
 * The one schema: a table per record kind, named like the kind, its columns named like the fields. A field that is not listed
 * can be filtered on too, by reading the JSON body. A change here needs a migration; a test compares the two.
 */
export const recordTables: { readonly [K in RecordKind]: RecordTable<Field<K>> } = {
  project: { columns: { createdAt: 'number' }, indexes: [] },
  sourceOffset: { columns: { projectId: 'text', path: 'text', updatedAt: 'number' }, indexes: [['projectId', 'path']] },
  batch: {
    columns: { projectId: 'text', from: 'number', to: 'number', createdAt: 'number' },
    indexes: [
      ['projectId', 'from'],
      ['projectId', 'to'],
    ],
  },
  slice: {
    columns: { projectId: 'text', batchId: 'text', release: 'text', bucketStart: 'number' },
    indexes: [['projectId', 'bucketStart'], ['projectId', 'release', 'bucketStart'], ['batchId']],
  },
  miner: { columns: { projectId: 'text', updatedAt: 'number' }, indexes: [['projectId']] },
  quarantined: { columns: { projectId: 'text', createdAt: 'number' }, indexes: [['projectId', 'createdAt']] },
  coverage: { columns: { projectId: 'text', commit: 'text', createdAt: 'number' }, indexes: [['projectId', 'commit']] },
  anomaly: {
    columns: { projectId: 'text', type: 'text', fingerprint: 'text', release: 'text', finding: 'flag', detectedAt: 'number' },
    indexes: [
      ['projectId', 'detectedAt'],
      ['projectId', 'fingerprint'],
    ],
  },
  incident: {
    columns: {
      projectId: 'text',
      type: 'text',
      fingerprint: 'text',
      status: 'text',
      anomalyId: 'text',
      workflowId: 'text',
      lastSeen: 'number',
      createdAt: 'number',
      updatedAt: 'number',
    },
    indexes: [['projectId', 'status'], ['projectId', 'createdAt'], ['workflowId']],
    unique: ['projectId', 'fingerprint'],
  },
  diagnosis: {
    columns: { projectId: 'text', incidentId: 'text', anomalyId: 'text', createdAt: 'number' },
    indexes: [['projectId', 'createdAt'], ['incidentId']],
  },
  patch: {
    columns: { projectId: 'text', incidentId: 'text', diagnosisId: 'text', hash: 'text', createdAt: 'number' },
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['hash']],
  },
  validation: {
    columns: { projectId: 'text', incidentId: 'text', patchId: 'text', patchHash: 'text', passed: 'flag', createdAt: 'number' },
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['patchId']],
  },
  deployment: {
    columns: {
      projectId: 'text',
      incidentId: 'text',
      patchId: 'text',
      patchHash: 'text',
      status: 'text',
      createdAt: 'number',
      updatedAt: 'number',
    },
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['projectId', 'status']],
  },
  effectiveness: {
    columns: {
      projectId: 'text',
      incidentId: 'text',
      deploymentId: 'text',
      type: 'text',
      template: 'text',
      successful: 'flag',
      createdAt: 'number',
    },
    indexes: [['projectId', 'createdAt'], ['incidentId']],
  },
  model: { columns: { projectId: 'text', kind: 'text', key: 'text', updatedAt: 'number' }, indexes: [['projectId', 'kind', 'key']] },
  modelChange: {
    columns: { projectId: 'text', modelId: 'text', kind: 'text', key: 'text', incidentId: 'text', undone: 'flag', createdAt: 'number' },
    indexes: [['projectId', 'createdAt'], ['modelId'], ['incidentId']],
  },
  barredPatch: {
    columns: { projectId: 'text', hash: 'text', incidentId: 'text', createdAt: 'number' },
    indexes: [['projectId', 'hash'], ['incidentId']],
  },
  release: {
    columns: { projectId: 'text', name: 'text', commit: 'text', at: 'number' },
    indexes: [
      ['projectId', 'at'],
      ['projectId', 'name'],
    ],
  },
  audit: {
    columns: { projectId: 'text', at: 'number', actor: 'text', action: 'text', subject: 'text' },
    indexes: [
      ['projectId', 'at'],
      ['projectId', 'subject'],
    ],
  },
  beatRun: {
    columns: { projectId: 'text', workflowId: 'text', sequence: 'text', handler: 'text', outcome: 'text', startedAt: 'number' },
    indexes: [['projectId', 'startedAt'], ['workflowId']],
  },
  promptTemplate: {
    columns: { projectId: 'text', name: 'text', owner: 'text', visibility: 'text', createdAt: 'number', updatedAt: 'number' },
    indexes: [
      ['projectId', 'name'],
      ['projectId', 'owner'],
    ],
  },
  promptVersion: {
    columns: { projectId: 'text', templateId: 'text', version: 'number', createdAt: 'number' },
    indexes: [],
    unique: ['projectId', 'templateId', 'version'],
  },
  remediationAttempt: {
    columns: {
      projectId: 'text',
      workflowId: 'text',
      sequence: 'text',
      beat: 'text',
      incidentId: 'text',
      result: 'text',
      createdAt: 'number',
      expiresAt: 'number',
    },
    indexes: [['projectId', 'createdAt'], ['workflowId', 'beat'], ['incidentId'], ['expiresAt']],
  },
  aiSpend: {
    columns: { projectId: 'text', scope: 'text', key: 'text', updatedAt: 'number' },
    indexes: [],
    unique: ['projectId', 'scope', 'key'],
  },
  aiAnswer: { columns: { projectId: 'text', expiresAt: 'number' }, indexes: [['expiresAt']] },
};

/** The columns of a kind by field, in a shape that code over all kinds can walk. */
export function columnsOf(kind: RecordKind): ReadonlyMap<string, ColumnType> {
  return columnMaps.get(kind) ?? new Map();
}

/** The fields that name one record of the kind besides its id; empty where only the id does. */
export function uniqueFieldsOf(kind: RecordKind): readonly string[] {
  return recordTables[kind].unique ?? [];
}

function columnMap(table: RecordTable): ReadonlyMap<string, ColumnType> {
  return new Map(Object.entries(table.columns).filter((entry): entry is [string, ColumnType] => entry[1] !== undefined));
}

const columnMaps: ReadonlyMap<string, ReadonlyMap<string, ColumnType>> = new Map(
  Object.entries<RecordTable>(recordTables).map(([kind, table]) => [kind, columnMap(table)]),
);
