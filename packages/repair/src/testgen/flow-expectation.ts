import type { BehavioralDetails } from '@selfheal/contracts';
import { textList } from '../templates/causes.ts';
import { overtaken } from '../templates/step-order.ts';
import type { TestContext } from './test-context.ts';

/** What a run of a flow must show, by the names that production logs. */
export interface FlowExpectation {
  /** Steps in the order in which a test is to see them. */
  readonly steps: readonly string[];
  /** Steps that went wrong: those out of order, missing, or run too often. */
  readonly wrong: readonly string[];
  readonly deviation: BehavioralDetails['deviation'];
  /** What the code gets wrong, as a rule: `reserveStock must run before chargePayment`. */
  readonly rule: string;
  /** Lines that one run of a step logs. */
  readonly linesPerStep: number;
}

/** All steps first, then those concerned alone: a test may have no way to see the others. */
export function flowExpectations(context: TestContext): FlowExpectation[] {
  const { analysis } = context.diagnosis;
  const details = context.anomaly.details.type === 'behavioral' ? context.anomaly.details : undefined;
  const declared = textList(analysis.data.declared);
  const expected = declared.length > 0 ? declared : [...(details?.expected ?? [])];
  if (!details || expected.length === 0) return [];
  const seen = details.seen.steps;
  const wrong = wrongSteps(details, expected);
  const linesPerStep = linesOfOneStep(details);
  const make = (steps: readonly string[]): FlowExpectation => ({
    steps,
    wrong,
    deviation: details.deviation,
    rule: ruleOf(details.deviation, wrong, expected),
    linesPerStep,
  });
  const all = expected.filter((step) => seen.includes(step) || wrong.includes(step));
  const concerned = details.deviation === 'order' ? all.filter((step) => wrong.includes(step)) : [];
  return concerned.length > 1 && concerned.length < all.length ? [make(all), make(concerned)] : [make(all)];
}

function wrongSteps({ deviation, steps, seen }: BehavioralDetails, expected: readonly string[]): string[] {
  if (deviation !== 'order') return steps.length > 0 ? [...steps] : difference(deviation, seen.steps, expected);
  const placed = seen.steps.map((step) => ({ step }));
  const pairs = seen.steps.flatMap((step) => overtaken(placed, step, expected));
  const inOrder = (names: readonly string[]) => expected.filter((step) => names.includes(step));
  return inOrder(steps).length > 1 ? inOrder(steps) : inOrder(pairs);
}

function difference(deviation: BehavioralDetails['deviation'], seen: readonly string[], expected: readonly string[]): string[] {
  return deviation === 'extra' ? seen.filter((step) => !expected.includes(step)) : expected.filter((step) => !seen.includes(step));
}

function ruleOf(deviation: BehavioralDetails['deviation'], wrong: readonly string[], expected: readonly string[]): string {
  const [first = 'the flow', ...others] = wrong;
  const last = others.at(-1);
  const times = expected.filter((step) => step === first).length;
  switch (deviation) {
    case 'order':
      return last === undefined ? `${first} must run in its place` : `${first} must run before ${last}`;
    case 'missing':
      return `${first} must run`;
    case 'extra':
      return times === 0 ? `${first} must not run` : times === 1 ? `${first} must run only once` : `${first} must run ${times} times`;
    case 'stuck':
      return `${first} must end`;
    case 'waiting':
      return 'the flow must not wait';
  }
}

function linesOfOneStep({ seen }: BehavioralDetails): number {
  const lines = seen.examples[0]?.lines.length ?? 0;
  return seen.steps.length === 0 ? 1 : Math.max(1, Math.round(lines / seen.steps.length));
}
