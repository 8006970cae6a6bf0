import type { IssueAnalysis, Recommendation } from '@selfheal/contracts';

export interface Advice {
  readonly type: Recommendation['type'];
  readonly action: string;
  readonly effort: Recommendation['effort'];
}

/** What to do about a kind of defect, in words, and how much work it is. */
const ADVICE: Readonly<Record<string, Omit<Advice, 'type'>>> = {
  'null-access': { action: 'handle the missing value before it is used, as the function handles other failures', effort: 'small' },
  'missing-await': { action: 'await the promise before its value is used', effort: 'small' },
  'unguarded-parse': { action: 'handle text that does not parse; answer 4xx where it comes from a client', effort: 'small' },
  'out-of-bounds': { action: 'check that the list has the item before it is used', effort: 'small' },
  'invalid-date': { action: 'check the date before it is printed', effort: 'small' },
  'renamed-field': { action: 'read the field by the name that production data uses', effort: 'small' },
  'wrong-operator': { action: 'correct the comparison', effort: 'small' },
  'missing-case': { action: 'add the missing case', effort: 'small' },
  'wrong-identifier': { action: 'use the name that exists, or import it', effort: 'small' },
  'not-a-function': { action: 'call it only where it is a function', effort: 'small' },
  'unhandled-rejection': { action: 'await or catch the promise', effort: 'small' },
  'unguarded-input': { action: 'check the input of the request and answer 4xx where it is wrong', effort: 'small' },
  'sequential-awaits': { action: 'let the passes run at once, with a bound', effort: 'medium' },
  'quadratic-loop': { action: 'look up in a Map or Set made once before the loop', effort: 'medium' },
  'loop-invariant': { action: 'compute it once before the loop', effort: 'small' },
  'repeated-pure-call': { action: 'keep the result of the pure call', effort: 'small' },
  'declared-order-violated': { action: 'run the steps in the expected order', effort: 'small' },
  'missing-step': { action: 'run the missing step at its place', effort: 'medium' },
  'extra-step': { action: 'remove the surplus step', effort: 'small' },
  'wrong-timing': { action: 'correct the timing', effort: 'small' },
  'unexplained-wait': { action: 'remove the wait', effort: 'small' },
  'untested-code': { action: 'test the code with values that production recorded', effort: 'small' },
};
const UNKNOWN: Omit<Advice, 'type'> = { action: 'search the places on the stack for a change that makes the test pass', effort: 'large' };

export function adviceFor(issue: IssueAnalysis): Advice {
  const { category } = issue.rootCause;
  const advice = Object.hasOwn(ADVICE, category) ? (ADVICE[category] ?? UNKNOWN) : UNKNOWN;
  const type = issue.type === 'coverage' ? 'test' : issue.data.document === true ? 'sequence' : 'code';
  return { type, ...advice };
}
