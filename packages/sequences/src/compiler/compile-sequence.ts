import { posix } from 'node:path';
import { SelfhealError } from '@selfheal/contracts/errors';
import { allBeats } from '../interpreter/all-beats.ts';
import type { SequencePlan } from '../interpreter/plan.ts';
import { remediatedBeats } from '../interpreter/remediated-beats.ts';
import { printActivities } from './print-activities.ts';
import { printIndex, printPackage, printReadme, printRunWorker, printRunWorkflow, printTsconfig, printWorker } from './print-project.ts';
import { printRemediation, type RemediationTerms } from './print-remediation.ts';
import { namePlans, printWorkflow } from './print-workflow.ts';

export interface CompileOptions {
  /** Files of the rules that compiled code shares with the interpreter, by path below `src/library`. */
  readonly library: ReadonlyMap<string, string>;
  /** Handlers that run as local activities. */
  readonly local?: readonly string[];
  /** Who decides on beats with `aiRemediation` that failed for good, as the engine has it. */
  readonly remediation?: RemediationTerms;
}

/**
 * Compiles a linked plan (see `linkPlans`) to a TypeScript project for Temporal: texts by path. A workflow for the sequence and for each one
 * that it calls, in plain control flow.
 * @throws SEQUENCE_UNKNOWN where a sequence that it calls is not among its children
 */
export function compileSequence(plan: SequencePlan, options: CompileOptions): ReadonlyMap<string, string> {
  const plans = [plan, ...Object.values(plan.children ?? {})];
  refuseMissing(plans);
  const named = namePlans(plans);
  const local = new Set(options.local);
  const [main] = named;
  if (main === undefined) throw new SelfhealError('SEQUENCE_UNKNOWN', plan.id);
  const remediates = plans.some((one) => remediatedBeats(one).size > 0);
  const written = new Map([
    ['README.md', printReadme(plan, named, remediates)],
    ['package.json', printPackage(plan)],
    ['tsconfig.json', printTsconfig()],
    ['src/activities.ts', printActivities(plans)],
    ['src/worker.ts', printWorker(plan)],
    ['src/run-worker.ts', printRunWorker()],
    ['src/run-workflow.ts', printRunWorkflow(main)],
    ['src/workflows/index.ts', printIndex(named)],
    ...named.map((one): [string, string] => [`src/workflows/${one.file}.ts`, printWorkflow(one, named, local)]),
    ...(remediates ? [['src/remediation.ts', printRemediation(plan, options.remediation)] as const] : []),
  ]);
  const library = new Map([...options.library].map(([path, text]) => [`src/library/${path}`, text]));
  return new Map([...written, ...importedFiles(written, library)]);
}

/** Those of the library that the code imports, directly or through others. */
function importedFiles(code: ReadonlyMap<string, string>, library: ReadonlyMap<string, string>): [string, string][] {
  const found = new Map<string, string>();
  const open = [...code];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const [path, text] = file;
    for (const [, specifier = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = posix.join(posix.dirname(path), specifier);
      const imported = library.get(target);
      if (imported === undefined || found.has(target)) continue;
      found.set(target, imported);
      open.push([target, imported]);
    }
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}

function refuseMissing(plans: readonly SequencePlan[]): void {
  const known = new Set(plans.map(({ id }) => id));
  for (const plan of plans) {
    const missing = allBeats(plan).find((beat) => beat.form === 'sequence' && !known.has(beat.sequence));
    if (missing?.form === 'sequence') {
      throw new SelfhealError('SEQUENCE_UNKNOWN', `"${missing.sequence}", which "${plan.id}" calls`, { where: { line: missing.at.line } });
    }
  }
}
