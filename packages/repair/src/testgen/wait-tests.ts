import { numberValue } from '../templates/causes.ts';
import type { Argument } from './arguments.ts';
import { equalByRule } from './assert-with-rule.ts';
import { flowCall } from './flow-call.ts';
import type { CodeFunction } from './function-node.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

/** Below it, a pause may be a mere turn of the event loop. Milliseconds. */
const LEAST = 5;

const OWN_NAMES = /^(pauses|flow|onPause|paused|timers)$/;
/** Timers many times as long as the pause that was seen are deadlines of the flow or of the runner. */
const DEADLINE = 4;

/**
 * Tests that a flow asks for no pause as long as the one that was seen. An asynchronous hook of Node tells each timer that is made within
 * the flow, whoever makes it and in whatever manner, so nothing is replaced; and the test ends with the first such timer, or with the
 * flow, so it reads no clock and waits for none.
 */
export function waitTests(context: TestContext, fn: CodeFunction, lists: readonly (readonly Argument[])[]): TestPlan[] {
  return lists.flatMap((args) => {
    // Names of their own for arguments that are called as something of the test.
    const named = args.map((arg) => (OWN_NAMES.test(arg.name) ? { ...arg, name: `${arg.name}Given` } : arg));
    const call = flowCall(fn, [], named, context.style);
    if (!call) return [];
    const plan = planOf(context, fn, call);
    return plan ? [plan] : [];
  });
}

function planOf(context: TestContext, fn: CodeFunction, call: NonNullable<ReturnType<typeof flowCall>>): TestPlan | undefined {
  const { style, diagnosis, assert } = context;
  const limit = limitOf(context);
  const subject = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const rule = `${subject} must not wait ${limit} ms`;
  return {
    proof: 'order',
    target: diagnosis.analysis.rootCause.location,
    subject,
    claim: `does not wait ${limit} ms`,
    imports: [...call.imports, ...HOOKS],
    body: [
      ...call.setup,
      ...watched(call.call, limit, context),
      equalByRule('pauses', '[]', rule, style) ?? assert.deepEqual('pauses', '[]'),
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

const HOOKS: readonly TestImport[] = [
  { module: 'node:async_hooks', name: 'AsyncLocalStorage', as: 'AsyncLocalStorage' },
  { module: 'node:async_hooks', name: 'createHook', as: 'createHook' },
];

/** Runs the flow and declares `pauses`: the lengths of its timers, as far as they are those in question. Milliseconds. */
function watched(call: string, limit: number, { style }: TestContext): string[] {
  const { semicolon: end, indent, quote: q } = style.code;
  const typed = (type: string) => (style.typescript ? `: ${type}` : '');
  const generic = (type: string) => (style.typescript ? `<${type}>` : '');
  const length = style.typescript ? '(timer as { _idleTimeout: number })._idleTimeout' : 'timer._idleTimeout';
  return [
    `const pauses${typed('number[]')} = []${end}`,
    `const flow = new AsyncLocalStorage${generic('boolean')}()${end}`,
    `let onPause = () => {}${end}`,
    `const paused = new Promise${generic('void')}((resolve) => {`,
    `${indent}onPause = resolve${end}`,
    `})${end}`,
    'const timers = createHook({',
    `${indent}init: (_id, type, _trigger, timer${typed('object')}) => {`,
    `${indent}${indent}if (type !== ${q}Timeout${q} || !flow.getStore()) return${end}`,
    `${indent}${indent}const ms = ${length}${end}`,
    `${indent}${indent}if (ms < ${limit} || ms >= ${DEADLINE * limit}) return${end}`,
    `${indent}${indent}pauses.push(ms)${end}`,
    `${indent}${indent}onPause()${end}`,
    `${indent}},`,
    `})${end}`,
    `timers.enable()${end}`,
    'try {',
    `${indent}await Promise.race([flow.run(true, () => ${call}), paused])${end}`,
    '} finally {',
    `${indent}timers.disable()${end}`,
    '}',
  ];
}

/** The pause as it is written down, or most of what was seen. Milliseconds. */
function limitOf({ diagnosis, anomaly }: TestContext): number {
  const written = numberValue(diagnosis.analysis.data.ms);
  const seen = anomaly.details.type === 'behavioral' ? anomaly.details.waitMs : undefined;
  return Math.max(LEAST, Math.round(written !== undefined && written > 0 ? written : (seen ?? 2 * LEAST) / 2));
}
