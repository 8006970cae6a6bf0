import type { Table } from './create-tables.ts';

/** Prompt templates and their versions, remediation attempts, what models cost, and their answers to equal prompts. */
export const REMEDIATION: readonly Table[] = [
  {
    name: 'promptTemplate',
    columns: [
      ['text', ['projectId', 'name', 'owner', 'visibility']],
      ['number', ['createdAt', 'updatedAt']],
    ],
    indexes: [
      ['projectId', 'name'],
      ['projectId', 'owner'],
    ],
  },
  {
    name: 'promptVersion',
    columns: [
      ['text', ['projectId', 'templateId']],
      ['number', ['version', 'createdAt']],
    ],
    indexes: [],
    unique: ['projectId', 'templateId', 'version'],
  },
  {
    name: 'remediationAttempt',
    columns: [
      ['text', ['projectId', 'workflowId', 'sequence', 'beat', 'incidentId', 'result']],
      ['number', ['createdAt', 'expiresAt']],
    ],
    indexes: [['projectId', 'createdAt'], ['workflowId', 'beat'], ['incidentId'], ['expiresAt']],
  },
  {
    name: 'aiSpend',
    columns: [
      ['text', ['projectId', 'scope', 'key']],
      ['number', ['updatedAt']],
    ],
    indexes: [],
    unique: ['projectId', 'scope', 'key'],
  },
  {
    name: 'aiAnswer',
    columns: [
      ['text', ['projectId']],
      ['number', ['expiresAt']],
    ],
    indexes: [['expiresAt']],
  },
];
