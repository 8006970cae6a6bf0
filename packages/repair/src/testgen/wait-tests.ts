import { numberValue } from '../templates/causes.ts';
import type { Argument } from './arguments.ts';
import { equalByRule } from './assert-with-rule.ts';
import { flowCall } from './flow-call.ts';
import type { CodeFunction } from './function-node.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

/** Below it, a pause may be a mere turn of the event loop. Milliseconds. */
const LEAST = 5;

/**
 * Tests that a flow asks for no pause as long as the one that was seen. Timers are answered at once and their delays taken down, so that
 * the test takes no time and depends on none.
 */
export function waitTests(context: TestContext, fn: CodeFunction, lists: readonly (readonly Argument[])[]): TestPlan[] {
  return lists.flatMap((args) => {
    const call = flowCall(fn, [], args, context.style);
    if (!call) return [];
    const plan = planOf(context, fn, call);
    return plan ? [plan] : [];
  });
}

function planOf(context: TestContext, fn: CodeFunction, call: NonNullable<ReturnType<typeof flowCall>>): TestPlan | undefined {
  const { style, diagnosis, assert } = context;
  const { semicolon: end, indent } = style.code;
  const limit = limitOf(context);
  const subject = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const rule = `${subject} must not wait ${limit} ms`;
  const clock = fakeTimers(context);
  const found = `waits.filter((ms) => ms >= ${limit})`;
  return {
    proof: 'order',
    target: diagnosis.analysis.rootCause.location,
    subject,
    claim: `does not wait ${limit} ms`,
    imports: [...call.imports, ...clock.imports],
    body: [
      ...call.setup,
      ...clock.setup,
      'try {',
      `${indent}await ${call.call}${end}`,
      '} finally {',
      ...clock.teardown.map((line) => indent + line),
      '}',
      equalByRule(found, '[]', rule, style) ?? assert.deepEqual(found, '[]'),
    ],
    asynchronous: true,
    source: {
      events: diagnosis.analysis.failingCalls.slice(0, 1).map((one) => one.eventId),
      description: 'a run of the flow, seen through the timers it asks for',
    },
    expectation: `${subject} asks for no timer of ${limit} ms or more`,
    ...(equalByRule('', '', '', style) === undefined ? {} : { reproduces: { type: 'AssertionError', message: rule } }),
    weight: 1,
  };
}

/** The pause as it is written down, or most of what was seen. Milliseconds. */
function limitOf({ diagnosis, anomaly }: TestContext): number {
  const written = numberValue(diagnosis.analysis.data.ms);
  const seen = anomaly.details.type === 'behavioral' ? anomaly.details.waitMs : undefined;
  return Math.max(LEAST, Math.round(written !== undefined && written > 0 ? written : (seen ?? 2 * LEAST) / 2));
}

function fakeTimers({ style, sources, diagnosis }: TestContext): { imports: TestImport[]; setup: string[]; teardown: string[] } {
  const { semicolon: end, indent } = style.code;
  const typed = (type: string) => (style.typescript ? `: ${type}` : '');
  const cast = style.typescript ? ' as typeof setTimeout' : '';
  const setup = [
    `const waits${typed('number[]')} = []${end}`,
    `const { setTimeout: realTimeout } = globalThis${end}`,
    `globalThis.setTimeout = ((callback${typed('(...rest: unknown[]) => void')}, ms = 0, ...rest${typed('unknown[]')}) => {`,
    `${indent}waits.push(ms)${end}`,
    `${indent}return realTimeout(callback, 0, ...rest)${end}`,
    `})${cast}${end}`,
  ];
  const teardown = [`globalThis.setTimeout = realTimeout${end}`];
  const usesPromises = /['"](node:)?timers\/promises['"]/.test(sources.files[diagnosis.analysis.rootCause.location.file] ?? '');
  if (!usesPromises) return { imports: [], setup, teardown };
  const promised = style.typescript ? ' as typeof timers.setTimeout' : '';
  return {
    imports: [
      { module: 'node:timers/promises', name: 'default', as: 'timers' },
      { module: 'node:module', name: 'syncBuiltinESMExports', as: 'syncBuiltinESMExports' },
    ],
    setup: [
      ...setup,
      `const { setTimeout: realPause } = timers${end}`,
      `timers.setTimeout = (async (ms = 0, value${typed('unknown')}) => {`,
      `${indent}waits.push(ms)${end}`,
      `${indent}return value${end}`,
      `})${promised}${end}`,
      `syncBuiltinESMExports()${end}`,
    ],
    teardown: [...teardown, `timers.setTimeout = realPause${end}`, `syncBuiltinESMExports()${end}`],
  };
}
