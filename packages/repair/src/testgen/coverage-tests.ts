import type { Json } from '@selfheal/contracts';
import type { Argument, ArgumentContext, ArgumentList } from './arguments.ts';
import { loggedArguments, minimalArguments } from './arguments.ts';
import { boundaryInputs } from './boundary-inputs.ts';
import { type CallValues, callValues } from './call-values.ts';
import { existingArguments } from './existing-calls.ts';
import { type CodeFunction, functionAt, functionOf } from './function-node.ts';
import { toLiteral } from './literal.ts';
import { isAsynchronous, subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

const RECORDED_KEPT = 6;
const SLOTS_KEPT = 16;

/**
 * Tests for code that production runs and no test does. Expected values are those that production recorded; for inputs at the limits of
 * the code's conditions, which no call happened to have, they are observed by a probe run.
 */
export function coverageTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { location } = diagnosis.analysis.rootCause;
  const id = diagnosis.analysis.data.functionId;
  const info = codebase.functions.find((one) => one.id === id) ?? functionAt(location, codebase);
  const fn = functionOf(info, sources);
  if (!fn) return [];
  const calls = callValues([...diagnosis.analysis.passingCalls, ...diagnosis.analysis.failingCalls]);
  const recorded = spread(calls.filter((call) => call.input !== undefined && call.output !== undefined));
  const args: ArgumentContext = { codebase, sources, style: context.style.code, shape: {} };
  const known = recorded.flatMap((call) =>
    call.output === undefined
      ? []
      : loggedArguments(fn, call, args)
          .slice(0, 1)
          .map((list) => ({ list, output: call.output, event: call.eventId })),
  );
  const limits = single(fn) ? recorded.slice(0, 2).flatMap((call) => boundaryInputs(fn, call.input ?? null)) : [];
  const probed = [...distinct(limits).map((input) => oneArgument(fn, input, context)), ...fallbackArguments(fn, calls, args, known.length)];
  const withProbe = planOf(context, fn, known, probed.slice(0, SLOTS_KEPT));
  const plain = known.length > 0 ? planOf(context, fn, known, []) : undefined;
  return [withProbe && { ...withProbe, weight: 1 }, plain && { ...plain, weight: 0.6 }].filter(
    (plan): plan is TestPlan => plan !== undefined,
  );
}

interface KnownCall {
  readonly list: ArgumentList;
  readonly output: Json | undefined;
  readonly event: string;
}

/** Recorded calls whose outputs differ most: one of each output first. */
function spread(calls: readonly CallValues[]): CallValues[] {
  const byOutput = new Map<string, CallValues[]>();
  for (const call of calls) {
    const key = JSON.stringify(call.output);
    byOutput.set(key, [...(byOutput.get(key) ?? []), call]);
  }
  const groups = [...byOutput.values()];
  const rounds = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) => groups.flatMap((group) => group[round] ?? []))
    .flat()
    .slice(0, RECORDED_KEPT);
}

function single(fn: CodeFunction): boolean {
  return fn.node.getParameters().length === 1;
}

function distinct(values: readonly Json[]): Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function oneArgument(fn: CodeFunction, input: Json, { style }: TestContext): ArgumentList {
  const name = fn.node.getParameters()[0]?.getName() ?? 'input';
  const arg: Argument = {
    name: /^[A-Za-z_$][\w$]*$/.test(name) ? name : 'input',
    code: toLiteral(input, style.code),
    imports: [],
    confidence: 0.8,
    logged: true,
  };
  return { args: [arg], confidence: 0.8, origin: 'a limit of its conditions' };
}

/** Where production recorded no outputs: its inputs alone, those of other tests, or made-up ones. */
function fallbackArguments(fn: CodeFunction, calls: readonly CallValues[], context: ArgumentContext, known: number): ArgumentList[] {
  if (known > 0) return [];
  const logged = calls.slice(0, RECORDED_KEPT).flatMap((call) => loggedArguments(fn, call, context).slice(0, 1));
  const existing = existingArguments(fn, context.codebase, context.sources).map((args) => ({
    args,
    confidence: 0.6,
    origin: 'the values of other tests',
  }));
  const bases = [...logged, ...existing];
  return bases.length > 0 ? bases : [minimalArguments(fn, context)];
}

function planOf(
  context: TestContext,
  fn: CodeFunction,
  known: readonly KnownCall[],
  probed: readonly ArgumentList[],
): TestPlan | undefined {
  const { style, assert, diagnosis } = context;
  const asynchronous = isAsynchronous(fn);
  const called = (list: ArgumentList, index: number) => subjectCall(fn, renamed(list, index), style);
  const expectations = known.flatMap(({ list, output }, index) => {
    const subject = called(list, index);
    return subject ? [{ ...subject, expected: toLiteral(output ?? null, style.code) }] : [];
  });
  const observed = probed.flatMap((list, index) => {
    const subject = called(list, known.length + index);
    return subject ? [{ ...subject, expected: `SELFHEAL_VALUE_${String(index).padStart(2, '0')}` }] : [];
  });
  const all = [...expectations, ...observed];
  if (all.length === 0) return undefined;
  const actual = (call: string) => (asynchronous ? `await ${call}` : call);
  const body = all.flatMap((one) => [...one.setup, assert.deepEqual(actual(one.call), one.expected)]);
  const name = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const events = known.map((call) => call.event);
  return {
    proof: 'coverage',
    target: diagnosis.analysis.rootCause.location,
    subject: name,
    claim: 'gives what it gave in production',
    imports: all.flatMap((one) => one.imports),
    body,
    asynchronous: asynchronous || all.some((one) => one.awaits),
    source: { events, description: `${known.length} recorded calls and ${observed.length} inputs at the limits of its conditions` },
    expectation: `${name} gives the recorded values`,
    weight: 1,
    ...(observed.length > 0 ? { probe: probeOf(observed, actual, style.code.semicolon) } : {}),
  };
}

type Subject = NonNullable<ReturnType<typeof subjectCall>>;

/** A probe prints all values at once, in the one place that every runner reports: the message of a failure. */
function probeOf(
  observed: readonly (Subject & { expected: string })[],
  actual: (call: string) => string,
  end: string,
): NonNullable<TestPlan['probe']> {
  const slots = observed.map((one) => one.expected);
  const body = [
    `const seen = {}${end}`,
    ...observed.flatMap((one) => [...one.setup, `seen.${one.expected} = ${actual(one.call)}${end}`]),
    `throw new Error(\`SELFHEAL-PROBE \${JSON.stringify(seen)} END\`)${end}`,
  ];
  return { body, slots };
}

/** Constants of several calls in one test need names of their own. */
function renamed(list: ArgumentList, index: number): ArgumentList {
  return index === 0 ? list : { ...list, args: list.args.map((arg) => ({ ...arg, name: `${arg.name}${index + 1}` })) };
}
