import { equalByRule } from './assert-with-rule.ts';
import type { FlowExpectation } from './flow-expectation.ts';
import { toLiteral } from './literal.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

/** The parts of a plan that do not depend on how the steps are seen. */
export function orderPlan(
  { diagnosis, style }: TestContext,
  subject: string,
  expected: FlowExpectation,
): Pick<TestPlan, 'proof' | 'target' | 'subject' | 'claim' | 'expectation' | 'reproduces'> {
  const named = equalByRule('', '', '', style) !== undefined;
  return {
    proof: 'order',
    target: diagnosis.analysis.rootCause.location,
    subject,
    claim: expected.deviation === 'order' ? 'runs its steps in the declared order' : 'runs the declared steps, each as often as declared',
    expectation: `${subject} runs ${expected.steps.join(', ')} in this order`,
    // Only that assertion may fail on the base: a run of which nothing is seen proves nothing.
    ...(named ? { reproduces: { type: 'AssertionError', message: expected.rule } } : {}),
  };
}

/** Declares `declared`, `seen` and `note(text)`, which takes down the step that a text names. */
export function recordingLines(expected: FlowExpectation, { style }: TestContext): string[] {
  const { semicolon: end, indent } = style.code;
  const text = style.typescript ? 'text: string' : 'text';
  // A step is a word of what is logged, whether a value of its own or part of a sentence.
  const isWord = [...expected.steps, ...expected.wrong].every((step) => /^[\w.:-]+$/.test(step));
  const names = isWord ? 'text.split(/[^\\w.:-]+/).includes(one)' : 'text.includes(one)';
  const once = isCounted(expected) ? '' : ' && !seen.includes(step)';
  return [
    `const declared = ${toLiteral([...expected.steps], style.code)}${end}`,
    `const seen${style.typescript ? ': string[]' : ''} = []${end}`,
    `const note = (${text}) => {`,
    `${indent}const [step] = ${watched(expected, style.code)}.filter((one) => ${names})${end}`,
    `${indent}if (step !== undefined${once}) seen.push(step)${end}`,
    `}${end}`,
  ];
}

function isCounted({ deviation }: FlowExpectation): boolean {
  return deviation === 'extra';
}

/** The declared steps, and those that ran and should not. */
function watched(expected: FlowExpectation, code: TestContext['style']['code']): string {
  const extra = [...new Set(expected.wrong)].filter((step) => !expected.steps.includes(step));
  return extra.length === 0 ? 'declared' : `[...declared, ${extra.map((step) => toLiteral(step, code)).join(', ')}]`;
}

/** First that the steps show at all, which holds on the base as well; then the rule that is broken. */
export function orderAssertions(expected: FlowExpectation, { assert, style }: TestContext): string[] {
  const { linesPerStep, deviation, wrong } = expected;
  const goal = isCounted(expected) && linesPerStep > 1 ? `declared.flatMap((step) => Array(${linesPerStep}).fill(step))` : 'declared';
  const rule = equalByRule('seen', goal, expected.rule, style);
  if (rule === undefined) return [assert.deepEqual('seen', goal)];
  if (deviation === 'order') return [shown('seen', 'declared', 'every step shows', style), rule];
  const others = (list: string) => `${list}.filter((step) => !${toLiteral([...new Set(wrong)], style.code)}.includes(step))`;
  return [shown(others('seen'), others('declared'), 'all other steps show', style), rule];
}

function shown(seen: string, declared: string, message: string, style: TestContext['style']): string {
  return equalByRule(`new Set(${seen})`, `new Set(${declared})`, message, style) ?? '';
}
