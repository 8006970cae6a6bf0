import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A published package has the sources beside its compiled code. */
const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

const SHARED = [
  'messages/names.ts',
  'messages/remediation.ts',
  'workflows/as-workflow.ts',
  'workflows/attributes.ts',
  'workflows/failure-error.ts',
  'workflows/remediate.ts',
  'workflows/remediated.ts',
  'workflows/route-decision.ts',
  'workflows/waits.ts',
];

/** The workflow code that compiled sequences share with the engine, by path. */
export async function readWorkflowSources(): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(SHARED.map(async (path) => [path, await readFile(`${SOURCES}${path}`, 'utf8')] as const)));
}
