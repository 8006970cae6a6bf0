import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import {
  allBeats,
  checkPlans,
  type Diagnostic,
  formatDiagnostic,
  linkPlans,
  readSequenceFile,
  type SequencePlan,
} from '@selfheal/sequences';
import { readPlan } from './load-plans.ts';

/**
 * Reads one document that a user gives, ours or of a foreign format, with the sequences that it calls, directly or through others: those
 * in `known`, else documents in the same folder. Fails with SEQUENCE_INVALID, naming file, line and column, where a document is not valid,
 * a sequence is nowhere or twice, or sequences call each other in a circle. Without `handlers` any name of one will do.
 */
export async function readLinkedPlan(
  file: string,
  handlers: readonly string[] | undefined,
  known: readonly SequencePlan[],
): Promise<SequencePlan> {
  const plan = await readPlan(file, handlers);
  const others = known.filter(({ id }) => id !== plan.id);
  const missing = missingOf([plan], others);
  const beside = missing.length === 0 ? NOBODY : await readSiblings(file, handlers);
  const plans = [...others, plan];
  const findings: Diagnostic[] = [];
  for (let open = missing; open.length > 0; ) {
    const found = beside.plans.filter(({ id }) => open.includes(id));
    findings.push(...doubles(found));
    plans.push(...found);
    open = missingOf(found, plans);
    if (found.length === 0) break;
  }
  findings.push(...checkPlans(plans));
  // What is missing may be in a document that could not be read.
  if (findings.some(({ code }) => code === 'SEQUENCE_UNKNOWN')) findings.push(...beside.errors);
  if (findings.length > 0) throw new SelfhealError('SEQUENCE_INVALID', findings.map((finding) => formatDiagnostic(finding)).join('\n'));
  return linkPlans(plan, plans);
}

interface Siblings {
  readonly plans: readonly SequencePlan[];
  readonly errors: readonly Diagnostic[];
}

const NOBODY: Siblings = { plans: [], errors: [] };

/** The documents in the folder of a file, without those below it: it may be any folder. */
async function readSiblings(file: string, handlers: readonly string[] | undefined): Promise<Siblings> {
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  const plans: SequencePlan[] = [];
  const errors: Diagnostic[] = [];
  for (const path of names.map((name) => join(folder, name)).filter((path) => path !== file)) {
    const { plan, diagnostics } = await readSequenceFile(path, handlers && { handlers });
    if (plan !== undefined) plans.push(plan);
    else errors.push(...diagnostics.filter(({ severity }) => severity === 'error'));
  }
  return { plans, errors };
}

/** Ids that the plans call and that nobody among `plans` or `others` has. */
function missingOf(plans: readonly SequencePlan[], others: readonly SequencePlan[]): string[] {
  const ids = new Set([...plans, ...others].map(({ id }) => id));
  const called = plans.flatMap((plan) => allBeats(plan).flatMap((beat) => (beat.form === 'sequence' ? [beat.sequence] : [])));
  return [...new Set(called)].filter((id) => !ids.has(id));
}

function doubles(found: readonly SequencePlan[]): Diagnostic[] {
  return found.flatMap((plan, index) => {
    const first = found.findIndex(({ id }) => id === plan.id);
    if (first === index) return [];
    const message = `the sequence "${plan.id}" is in ${found[first]?.source ?? 'another document'} as well`;
    return [{ severity: 'error' as const, code: 'ID_TWICE' as const, message, file: plan.source, line: 1, column: 1, path: 'id' }];
  });
}
