import type { FlowStats, TelemetrySnapshot } from '@selfheal/contracts';
import { releaseName } from '../naming/words.ts';
import { earlierReleases } from '../releases/live-releases.ts';
import { findDeclared, type NamedStep, nameSteps } from './declared-steps.ts';
import { completedOf, countOf, type Runs, runsOf } from './runs.ts';
import { type StepOrder, stepOrderOf } from './step-order.ts';

/** How a flow should run. */
export interface Expectation {
  readonly from: 'declared' | 'learned';
  readonly declaredIn: string | undefined;
  /** In words: a document, a release. */
  readonly label: string;
  /** Learned from another release than the one that is judged: what differs may be meant. */
  readonly isOfOtherRelease: boolean;
  readonly steps: readonly string[];
  readonly declared: readonly NamedStep[];
  /** Runs of an earlier release, or learned ones; empty where there are none. */
  readonly reference: readonly Runs[];
  readonly required: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** Whether `a` must come before `b`. */
  mustPrecede(a: string, b: string): boolean;
}

/** Runs from which behaviour may be learned. */
const MIN_REFERENCE_RUNS = 20;
/** Below this share a way of running is an accident, above its complement it is the rule. */
const RARE = 0.02;

/** What is declared, relaxed by what a healthy earlier release did (steps left out, steps in either order); else what that release did. */
export function expectationFor(now: FlowStats, snapshot: TelemetrySnapshot): Expectation | undefined {
  const earlier = referenceFlow(now, snapshot);
  const seen = new Set([...now.variants, ...(earlier?.flow.variants ?? [])].flatMap(({ steps }) => steps));
  const declared = findDeclared(now.flow, seen, snapshot.declaredFlows);
  if (declared !== undefined) {
    const named = nameSteps(declared, seen);
    const reference = earlier === undefined ? [] : runsOf(earlier.flow, named[0]?.name);
    return declaredExpectation(named, reference, declared.file);
  }
  return earlier === undefined ? undefined : learnedExpectation(earlier.flow, earlier.label, earlier.flow.release !== now.release);
}

function declaredExpectation(named: readonly NamedStep[], reference: readonly Runs[], file: string): Expectation {
  const steps = named.map(({ name }) => name);
  const order = stepOrderOf(reference);
  const unique = new Set(steps.filter((step) => steps.indexOf(step) === steps.lastIndexOf(step)));
  const position = new Map(steps.map((step, at) => [step, at]));
  return {
    from: 'declared',
    declaredIn: file,
    label: file,
    isOfOtherRelease: false,
    steps,
    declared: named,
    reference,
    required: new Set(steps.filter((step) => !isOptional(step, reference))),
    known: new Set([...steps, ...commonSteps(reference)]),
    mustPrecede(a, b) {
      if (!unique.has(a) || !unique.has(b) || (position.get(a) ?? 0) >= (position.get(b) ?? 0)) return false;
      return !isEitherOrder(order, a, b);
    },
  };
}

function learnedExpectation(flow: FlowStats, label: string, isOfOtherRelease: boolean): Expectation {
  const main = [...flow.variants].sort((a, b) => (b.failed ? 0 : b.count) - (a.failed ? 0 : a.count))[0];
  const reference = runsOf(flow, main?.steps[0]);
  const order = stepOrderOf(reference);
  const steps = [...new Set(main?.steps ?? [])];
  return {
    from: 'learned',
    declaredIn: undefined,
    label,
    isOfOtherRelease,
    steps,
    declared: [],
    reference,
    required: new Set(steps.filter((step) => stepShare(step, reference) > 1 - RARE)),
    known: commonSteps(reference),
    mustPrecede: (a, b) => order.before(a, b) >= MIN_REFERENCE_RUNS && (order.share(a, b) ?? 0) > 1 - RARE,
  };
}

/** The same flow in the release before, else as it was learned. */
function referenceFlow(now: FlowStats, snapshot: TelemetrySnapshot): { flow: FlowStats; label: string } | undefined {
  const names = earlierReleases(snapshot.releases, now.release).map(({ name }) => name);
  for (const name of names.reverse()) {
    const flow = snapshot.flows.find((candidate) => candidate.flow === now.flow && candidate.release === name);
    if (flow !== undefined && flow.count >= MIN_REFERENCE_RUNS) return { flow, label: releaseName(name) };
  }
  const learned = snapshot.learnedFlows.filter(({ flow }) => flow === now.flow);
  const count = learned.reduce((sum, { runs }) => sum + runs, 0);
  if (count < MIN_REFERENCE_RUNS) return undefined;
  const variants = learned.map(({ steps, runs }) => ({
    key: steps.join('>'),
    steps,
    count: runs,
    stuck: 0,
    gapsMs: steps.map(() => null),
    durationsMs: steps.map(() => null),
    explainedWaitMs: steps.map(() => 0),
    examples: [],
  }));
  return { flow: { flow: now.flow, release: learned[0]?.release ?? '', count, variants }, label: 'what was learned from earlier runs' };
}

function isOptional(step: string, reference: readonly Runs[]): boolean {
  const completed = reference.reduce((sum, runs) => sum + completedOf(runs), 0);
  return completed >= MIN_REFERENCE_RUNS && stepShare(step, reference) <= 1 - RARE;
}

/** Share of completed runs that have the step. */
function stepShare(step: string, runs: readonly Runs[]): number {
  const completed = runs.reduce((sum, one) => sum + completedOf(one), 0);
  const having = runs.reduce((sum, one) => sum + (one.steps.includes(step) ? completedOf(one) : 0), 0);
  return completed === 0 ? 0 : having / completed;
}

function commonSteps(reference: readonly Runs[]): Set<string> {
  const total = countOf(reference);
  const counts = new Map<string, number>();
  for (const { steps, count } of reference) for (const step of new Set(steps)) counts.set(step, (counts.get(step) ?? 0) + count);
  return new Set([...counts].filter(([, runs]) => runs >= Math.max(1, total * RARE)).map(([step]) => step));
}

/** Steps that run side by side: a healthy release shows both orders. Always the wrong order is no such sign. */
function isEitherOrder(order: StepOrder, a: string, b: string): boolean {
  const share = order.share(a, b);
  return share !== undefined && share >= RARE && share <= 1 - RARE;
}
