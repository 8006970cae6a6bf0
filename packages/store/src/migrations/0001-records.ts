import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The first schema: a table per record kind. Written out, and not made from recordTables, so that it stays what it was when
 * recordTables moves on.
 */
export function recordsMigration(database: 'sqlite' | 'postgres'): Migration {
  // Texts compare by their bytes on both databases, so that order and paging are the same.
  const text = database === 'postgres' ? sql`text collate "C"` : sql`text`;
  const number = database === 'postgres' ? sql`double precision` : sql`real`;
  const flag = database === 'postgres' ? sql`smallint` : sql`integer`;
  const body = database === 'postgres' ? sql`json` : sql`text`;
  const types = { text, number, flag };
  return {
    async up(db: Kysely<unknown>) {
      for (const table of TABLES) {
        let create = db.schema.createTable(table.name).addColumn('id', text, (column) => column.primaryKey().notNull());
        for (const [type, names] of table.columns) for (const name of names) create = create.addColumn(name, types[type]);
        await create.addColumn('body', body, (column) => column.notNull()).execute();
        for (const columns of table.indexes) await createIndex(db, table.name, columns, false);
        if (table.unique !== undefined) await createIndex(db, table.name, table.unique, true);
      }
    },
    async down(db: Kysely<unknown>) {
      for (const table of TABLES) await db.schema.dropTable(table.name).execute();
    },
  };
}

async function createIndex(db: Kysely<unknown>, table: string, columns: readonly string[], unique: boolean): Promise<void> {
  const create = db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns([...columns]);
  await (unique ? create.unique() : create).execute();
}

interface Table {
  name: string;
  columns: readonly (readonly ['text' | 'number' | 'flag', readonly string[]])[];
  indexes: readonly (readonly string[])[];
  unique?: readonly string[];
}

const TABLES: readonly Table[] = [
  { name: 'project', columns: [['number', ['createdAt']]], indexes: [] },
  {
    name: 'sourceOffset',
    columns: [
      ['text', ['projectId', 'path']],
      ['number', ['updatedAt']],
    ],
    indexes: [['projectId', 'path']],
  },
  {
    name: 'batch',
    columns: [
      ['text', ['projectId']],
      ['number', ['from', 'to', 'createdAt']],
    ],
    indexes: [
      ['projectId', 'from'],
      ['projectId', 'to'],
    ],
  },
  {
    name: 'slice',
    columns: [
      ['text', ['projectId', 'batchId', 'release']],
      ['number', ['bucketStart']],
    ],
    indexes: [['projectId', 'bucketStart'], ['projectId', 'release', 'bucketStart'], ['batchId']],
  },
  {
    name: 'miner',
    columns: [
      ['text', ['projectId']],
      ['number', ['updatedAt']],
    ],
    indexes: [['projectId']],
  },
  {
    name: 'quarantined',
    columns: [
      ['text', ['projectId']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt']],
  },
  {
    name: 'coverage',
    columns: [
      ['text', ['projectId', 'commit']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'commit']],
  },
  {
    name: 'anomaly',
    columns: [
      ['text', ['projectId', 'type', 'fingerprint', 'release']],
      ['flag', ['finding']],
      ['number', ['detectedAt']],
    ],
    indexes: [
      ['projectId', 'detectedAt'],
      ['projectId', 'fingerprint'],
    ],
  },
  {
    name: 'incident',
    columns: [
      ['text', ['projectId', 'type', 'fingerprint', 'status', 'anomalyId', 'workflowId']],
      ['number', ['lastSeen', 'createdAt', 'updatedAt']],
    ],
    indexes: [['projectId', 'status'], ['projectId', 'createdAt'], ['workflowId']],
    unique: ['projectId', 'fingerprint'],
  },
  {
    name: 'diagnosis',
    columns: [
      ['text', ['projectId', 'incidentId', 'anomalyId']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['incidentId']],
  },
  {
    name: 'patch',
    columns: [
      ['text', ['projectId', 'incidentId', 'diagnosisId', 'hash']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['hash']],
  },
  {
    name: 'validation',
    columns: [
      ['text', ['projectId', 'incidentId', 'patchId', 'patchHash']],
      ['flag', ['passed']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['patchId']],
  },
  {
    name: 'deployment',
    columns: [
      ['text', ['projectId', 'incidentId', 'patchId', 'patchHash', 'status']],
      ['number', ['createdAt', 'updatedAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['incidentId'], ['projectId', 'status']],
  },
  {
    name: 'effectiveness',
    columns: [
      ['text', ['projectId', 'incidentId', 'deploymentId', 'type', 'template']],
      ['flag', ['successful']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['incidentId']],
  },
  {
    name: 'model',
    columns: [
      ['text', ['projectId', 'kind', 'key']],
      ['number', ['updatedAt']],
    ],
    indexes: [['projectId', 'kind', 'key']],
  },
  {
    name: 'modelChange',
    columns: [
      ['text', ['projectId', 'modelId', 'kind', 'key', 'incidentId']],
      ['flag', ['undone']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['modelId'], ['incidentId']],
  },
  {
    name: 'barredPatch',
    columns: [
      ['text', ['projectId', 'hash', 'incidentId']],
      ['number', ['createdAt']],
    ],
    indexes: [['projectId', 'hash'], ['incidentId']],
  },
  {
    name: 'release',
    columns: [
      ['text', ['projectId', 'name', 'commit']],
      ['number', ['at']],
    ],
    indexes: [
      ['projectId', 'at'],
      ['projectId', 'name'],
    ],
  },
  {
    name: 'audit',
    columns: [
      ['text', ['projectId', 'actor', 'action', 'subject']],
      ['number', ['at']],
    ],
    indexes: [
      ['projectId', 'at'],
      ['projectId', 'subject'],
    ],
  },
  {
    name: 'beatRun',
    columns: [
      ['text', ['projectId', 'workflowId', 'sequence', 'handler', 'outcome']],
      ['number', ['startedAt']],
    ],
    indexes: [['projectId', 'startedAt'], ['workflowId']],
  },
];
