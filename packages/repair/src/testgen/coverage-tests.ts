import { type CoverageCase, coverageCases } from './coverage-cases.ts';
import { servedCoverage } from './coverage-requests.ts';
import { type CodeFunction, functionAt, functionOf, functionsToCall } from './function-node.ts';
import { toLiteral } from './literal.ts';
import { probeOf, slotName } from './probe-body.ts';
import { isAsynchronous, type SubjectCall, subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

/** Values that differ from run to run are not to be written down. */
const UNSTEADY = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bperformance\.now\(|\bprocess\.hrtime\b|\bnanoid\(/;
const CALLERS_TRIED = 2;

/**
 * Tests for code that production runs and no test does. Expected values are those that production recorded; for inputs at the limits of
 * the code's conditions, which no call happened to have, they are observed by a probe run. Code that nothing exports is reached through
 * a function that calls it, or through the service.
 */
export function coverageTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { location } = diagnosis.analysis.rootCause;
  const id = diagnosis.analysis.data.functionId;
  const info = codebase.functions.find((one) => one.id === id) ?? functionAt(location, codebase);
  const fn = functionOf(info, sources);
  const direct = fn ? plansOf(context, fn, coverageCases(fn, context)) : [];
  return [...direct, ...(fn ? throughCallers(context, fn) : []), ...servedCoverage(context)];
}

/** All cases; then without a recorded one that the code no longer gives (the test with it would be that of a fault); then as JSON. */
function plansOf(context: TestContext, fn: CodeFunction, cases: { recorded: CoverageCase[]; observed: CoverageCase[] }): TestPlan[] {
  const { recorded, observed: limits } = cases;
  const observed = UNSTEADY.test(fn.node.getText()) ? [] : limits;
  const inputsOnly = recorded.map((one) => ({ ...one, output: undefined }));
  const without = (index: number) => recorded.filter((_, at) => at !== index);
  const all = [
    { weight: 1, cases: [...recorded, ...observed], form: 'value' as const },
    { weight: 0.9, cases: [...recorded, ...observed], form: 'json' as const },
    { weight: 0.6, cases: recorded, form: 'value' as const },
    ...(recorded.length > 1
      ? recorded.map((_, index) => ({ weight: 0.5 - 0.01 * index, cases: [...without(index), ...observed], form: 'value' as const }))
      : []),
    ...(UNSTEADY.test(fn.node.getText()) ? [] : [{ weight: 0.3, cases: [...inputsOnly, ...observed], form: 'json' as const }]),
  ];
  return all.flatMap(({ weight, cases: chosen, form }) => {
    const plan = chosen.length === 0 ? undefined : planOf(context, fn, chosen, form);
    return plan ? [{ ...plan, weight }] : [];
  });
}

/** An exported function that leads to code which is not exported itself. */
function throughCallers(context: TestContext, fn: CodeFunction): TestPlan[] {
  if (fn.info.exportedAs !== undefined) return [];
  const { diagnosis, codebase, sources } = context;
  const callers = functionsToCall(diagnosis.analysis.rootCause.location, [], codebase).slice(0, CALLERS_TRIED);
  return callers.flatMap((info, rank) => {
    const caller = functionOf(info, sources);
    if (!caller || caller.info.id === fn.info.id) return [];
    const { recorded, observed } = coverageCases(caller, context);
    // What was recorded is the inner function's; the caller's own values are observed.
    const cases = { recorded: [], observed: [...recorded.map((one) => ({ ...one, output: undefined })), ...observed] };
    return plansOf(context, caller, cases).map((plan) => ({ ...plan, weight: plan.weight * 0.8 ** (rank + 1) }));
  });
}

interface Written {
  readonly subject: SubjectCall;
  readonly slot: string | undefined;
  readonly expected: string;
}

function planOf(context: TestContext, fn: CodeFunction, cases: readonly CoverageCase[], form: 'value' | 'json'): TestPlan | undefined {
  const { style, assert, diagnosis } = context;
  const name = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const asynchronous = isAsynchronous(fn);
  const throwing = /\bthrow\b/.test(fn.node.getText());
  const actual = ({ call }: SubjectCall): string => {
    const value = throwing ? `outcome(${asynchronous ? 'async ' : ''}() => ${call})` : call;
    const given = asynchronous ? `await ${value}` : value;
    return form === 'json' ? `JSON.parse(JSON.stringify(${given}))` : given;
  };
  const written = cases.flatMap(({ list, output }, index): Written[] => {
    const subject = subjectCall(fn, renamed(list, index), style);
    if (!subject) return [];
    const slot = output === undefined ? slotName(index) : undefined;
    return [{ subject, slot, expected: slot ?? toLiteral(throwing ? { value: output ?? null } : (output ?? null), style.code) }];
  });
  if (written.length === 0) return undefined;
  const setup = throwing ? outcomeLines(context, asynchronous) : [];
  const observed = written.filter((one) => one.slot !== undefined);
  const events = cases.flatMap((one) => one.event ?? []);
  return {
    proof: 'coverage',
    target: diagnosis.analysis.rootCause.location,
    subject: name,
    claim:
      events.length === 0
        ? 'keeps the values that it gives'
        : observed.length === 0
          ? 'gives what it gave in production'
          : 'gives what it gave in production, and keeps its limits',
    imports: written.flatMap((one) => one.subject.imports),
    body: [...setup, ...written.flatMap(({ subject, expected }) => [...subject.setup, assert.deepEqual(actual(subject), expected)])],
    asynchronous: asynchronous || written.some((one) => one.subject.awaits),
    source: {
      events,
      description: `${written.length - observed.length} recorded calls, ${observed.length} inputs at the limits of its conditions`,
    },
    expectation: `${name} gives the recorded values${observed.length === 0 ? '' : `, and at its limits those that it gives at ${diagnosis.commit.slice(0, 12)}`}`,
    weight: 1,
    ...(observed.length === 0
      ? {}
      : {
          probe: probeOf(
            setup,
            observed.map(({ subject, slot = '' }) => ({ slot, setup: subject.setup, code: actual(subject) })),
            style.code.semicolon,
          ),
        }),
  };
}

/** Declares `outcome(call)`: the value that a call gives, or the message with which it fails. */
function outcomeLines({ style }: TestContext, asynchronous: boolean): string[] {
  const { semicolon: end, indent } = style.code;
  const typed = style.typescript ? `: () => ${asynchronous ? 'Promise<unknown>' : 'unknown'}` : '';
  return [
    `const outcome = ${asynchronous ? 'async ' : ''}(call${typed}) => {`,
    `${indent}try {`,
    `${indent}${indent}return { value: ${asynchronous ? 'await ' : ''}call() }${end}`,
    `${indent}} catch (error) {`,
    `${indent}${indent}return { error: error instanceof Error ? error.message : error }${end}`,
    `${indent}}`,
    `}${end}`,
  ];
}

/** Constants of several calls in one test need names of their own. */
function renamed(list: CoverageCase['list'], index: number): CoverageCase['list'] {
  return index === 0 ? list : { ...list, args: list.args.map((arg) => ({ ...arg, name: `${arg.name}${index + 1}` })) };
}
