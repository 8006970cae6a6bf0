import { resolve } from 'node:path';
import { selfhealConfig } from '@selfheal/contracts';
import { compileSequence, readLibrary, type SequencePlan } from '@selfheal/sequences';
import { readWorkflowSources } from '@selfheal/temporal';
import { remediationRouting } from '../remediation/remediation-routing.ts';
import { loadPlans, routing } from './load-plans.ts';
import { readLinkedPlan } from './read-linked-plan.ts';

export interface CompiledSequence {
  readonly plan: SequencePlan;
  /** Texts by path. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Compiles a document, or a built-in sequence by its id, with the sequences that it calls, to a TypeScript project for Temporal. Its handlers
 * are the activities of that project, so any name of one will do. Fails with SEQUENCE_INVALID, naming file, line and column.
 */
export async function compileDocument(file: string): Promise<CompiledSequence> {
  const builtIn = await loadPlans([], process.cwd());
  const plan = builtIn[file] ?? (await readLinkedPlan(resolve(file), undefined, Object.values(builtIn)));
  const library = await readLibrary(await readWorkflowSources());
  const { remediation } = remediationRouting(selfhealConfig.parse({}), []);
  return { plan, files: compileSequence(plan, { library, local: routing().local, ...(remediation && { remediation }) }) };
}
