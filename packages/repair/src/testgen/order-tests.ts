import type { CodebaseInfo, CodeLocation, FunctionInfo, SourceSnapshot } from '@selfheal/contracts';
import { httpHandler } from '../templates/http-framework.ts';
import { openSource } from '../templates/source-files.ts';
import type { Argument, ArgumentContext } from './arguments.ts';
import { callValues } from './call-values.ts';
import { type FlowCall, flowArguments, flowCall, intakesOf } from './flow-call.ts';
import { type FlowExpectation, flowExpectations } from './flow-expectation.ts';
import { type CodeFunction, functionAt, functionOf, functionsToCall } from './function-node.ts';
import { orderAssertions, orderPlan, recordingLines } from './order-assertions.ts';
import { outputTests } from './output-tests.ts';
import { type Observer, observersOf, standInLines } from './step-observers.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';
import { waitTests } from './wait-tests.ts';

const FUNCTIONS_TRIED = 3;
const LISTS_TRIED = 3;

/**
 * Tests that run a flow and look at the order of its steps, where they show: in the log or event bus that the flow is given, in the calls
 * of what it is given, in what the process prints. A flow that waits for nothing is shown by the pauses that it asks for.
 */
export function orderTests(context: TestContext): TestPlan[] {
  const functions = flowFunctions(context);
  const [expectation] = flowExpectations(context);
  if (expectation?.deviation === 'waiting')
    return functions.flatMap((fn, rank) => weighted(waitTests(context, fn, argumentLists(context, fn)), rank));
  const direct = flowExpectations(context).flatMap((expected, scope) =>
    functions.flatMap((fn, rank) => weighted(observed(context, fn, expected), rank + 0.7 * scope)),
  );
  return [...direct, ...flowExpectations(context).flatMap((expected) => outputTests(context, functions, expected))];
}

function weighted(plans: readonly TestPlan[], rank: number): TestPlan[] {
  return plans.map((plan, index) => ({ ...plan, weight: plan.weight * 0.8 ** rank * 0.97 ** index }));
}

/** Exported functions that run the flow, innermost first; for a table of steps, those that read it. */
function flowFunctions({ diagnosis, codebase, sources }: TestContext): CodeFunction[] {
  const { location } = diagnosis.analysis.rootCause;
  const inner = functionAt(location, codebase);
  const starts = inner ? [inner] : readersOf(location, codebase, sources);
  const reachable = starts.flatMap((info) => [
    info,
    ...functionsToCall({ ...location, line: info.startLine, functionId: info.id }, [], codebase),
  ]);
  return [...new Map(reachable.map((info) => [info.id, info])).values()]
    .flatMap((info) => functionOf(info, sources) ?? [])
    .filter((fn) => fn.info.exportedAs !== undefined && !httpHandler(fn.node))
    .slice(0, FUNCTIONS_TRIED);
}

/** Functions of the file that name the constant which stands at a place. */
function readersOf({ file, line }: CodeLocation, codebase: CodebaseInfo, sources: SourceSnapshot): FunctionInfo[] {
  const declarations = openSource(sources.files, file)?.getVariableDeclarations() ?? [];
  const [constant] = declarations.filter((one) => one.getStartLineNumber() <= line && one.getEndLineNumber() >= line);
  const name = constant?.getName();
  const lines = sources.files[file]?.split('\n') ?? [];
  return codebase.functions.filter((info) => {
    const text = lines.slice(info.startLine - 1, info.endLine).join('\n');
    return info.file === file && (name === undefined || new RegExp(`\\b${name}\\b`).test(text));
  });
}

function argumentLists({ codebase, sources, style, diagnosis }: TestContext, fn: CodeFunction): Argument[][] {
  const context: ArgumentContext = { codebase, sources, style: style.code, shape: {} };
  const { failingCalls, passingCalls } = diagnosis.analysis;
  return flowArguments(fn, callValues([...failingCalls, ...passingCalls]), context).slice(0, LISTS_TRIED);
}

function observed(context: TestContext, fn: CodeFunction, expected: FlowExpectation): TestPlan[] {
  const labels = labelsOf(context, expected.steps);
  return argumentLists(context, fn).flatMap((args) =>
    observersOf(fn, [...labels.values()], context.style).flatMap((observer) => {
      const named = observer.kind === 'calls' ? relabelled(expected, labels) : expected;
      const call = callThrough(observer, fn, args, context);
      return call ? [planOf(context, fn, named, observer, call)] : [];
    }),
  );
}

/** What code calls each step: its handler where a document declares one, else the last part of its name. */
function labelsOf({ codebase }: TestContext, steps: readonly string[]): Map<string, string> {
  const declared = codebase.flows.flatMap((flow) => flow.steps);
  return new Map(
    steps.map((step) => {
      const known = declared.find((one) => one.event === step || one.handler === step)?.handler;
      return [step, known ?? step.split(/[.:/]/).at(-1) ?? step];
    }),
  );
}

function relabelled(expected: FlowExpectation, labels: ReadonlyMap<string, string>): FlowExpectation {
  const label = (step: string) => labels.get(step) ?? step;
  return { ...expected, steps: expected.steps.map(label), wrong: expected.wrong.map(label), linesPerStep: 1 };
}

const OWN_NAMES = /^(declared|seen|note|say|logSpy|infoSpy|log|standIn|recorded|step|others)$/;

function callThrough(observer: Observer, fn: CodeFunction, args: readonly Argument[], { style }: TestContext): FlowCall | undefined {
  const intakes = intakesOf(fn);
  const given = intakes.own.flatMap((intake, index): Argument[] => {
    const own = args[index];
    const code = observer.replaces(intake, own);
    const base = { name: OWN_NAMES.test(intake.name) ? `${intake.name}Given` : intake.name, imports: own?.imports ?? [] };
    if (code !== undefined) return [{ ...base, code, confidence: 1, logged: true }];
    return own ? [{ ...own, name: base.name }] : [];
  });
  const made = intakes.ofObject.map((intake): Argument => {
    const code = observer.replaces(intake, undefined) ?? 'undefined';
    return { name: intake.name, code, imports: [], confidence: 1, logged: false };
  });
  return flowCall(fn, made, given, style);
}

const WEIGHTS: Readonly<Record<Observer['kind'], number>> = { log: 1, calls: 0.95, console: 0.6 };

function planOf(context: TestContext, fn: CodeFunction, expected: FlowExpectation, observer: Observer, call: FlowCall): TestPlan {
  const { style, diagnosis } = context;
  const { semicolon: end } = style.code;
  const run = call.asynchronous ? `await ${call.call}` : call.call;
  const needsStandIn = [...call.setup, call.call].some((line) => line.includes('standIn('));
  return {
    ...orderPlan(context, fn.info.name.split('.').at(-1) ?? fn.info.name, expected),
    imports: [...call.imports, ...(isUsed(observer, call) ? observer.imports : [])],
    body: [
      ...recordingLines(expected, context),
      ...(needsStandIn ? standInLines(style) : []),
      ...(isUsed(observer, call) ? observer.setup : []),
      ...call.setup.filter((line) => line !== `const log = log${end}`),
      ...observer.around(run),
      ...orderAssertions(expected, context),
    ],
    asynchronous: call.asynchronous || call.awaits,
    source: {
      events: diagnosis.analysis.failingCalls.slice(0, 1).map((one) => one.eventId),
      description: `a run of the flow, seen through ${SEEN_THROUGH[observer.kind]}`,
    },
    weight: WEIGHTS[observer.kind],
  };
}

/** What records calls is left out where stand-ins take every place. */
function isUsed(observer: Observer, call: FlowCall): boolean {
  return observer.kind !== 'calls' || [...call.setup, call.call].some((line) => line.includes('recorded('));
}

const SEEN_THROUGH: Readonly<Record<Observer['kind'], string>> = {
  log: 'the log that it is given',
  calls: 'the calls of what it is given',
  console: 'what it prints',
};
