import type { Table } from './create-tables.ts';

/** The first schema: a table per record kind. */
export const RECORDS: readonly Table[] = [
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
