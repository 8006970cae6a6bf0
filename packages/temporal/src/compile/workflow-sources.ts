import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A published package has the sources beside its compiled code. */
const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/', import.meta.url));

const SHARED = ['as-workflow.ts', 'waits.ts'];

/** The workflow code that compiled sequences share with the engine, by file name. */
export async function readWorkflowSources(): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(SHARED.map(async (name) => [name, await readFile(`${WORKFLOWS}${name}`, 'utf8')] as const)));
}
