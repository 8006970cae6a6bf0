import { Node } from 'ts-morph';
import { textList } from '../templates/causes.ts';
import { httpHandler } from '../templates/http-framework.ts';
import type { Argument, ArgumentContext } from './arguments.ts';
import { loggedArguments, minimalArguments } from './arguments.ts';
import { callValues } from './call-values.ts';
import { existingArguments } from './existing-calls.ts';
import { factoryFor } from './factories.ts';
import { type CodeFunction, functionAt, functionOf, functionsToCall } from './function-node.ts';
import { referencesIn } from './parameter-use.ts';
import { subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

const LOG_METHODS = /^(info|warn|error|debug|trace|fatal|log|child|emit|write|record|event|track)$/;

/**
 * Tests that run a flow and look at the order of its steps, where they show: in what is passed to the log or event bus that the flow is
 * given, in the step functions that are passed in, or in what the process prints.
 */
export function orderTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources, anomaly } = context;
  const { rootCause, data } = diagnosis.analysis;
  const details = anomaly.details.type === 'behavioral' ? anomaly.details : undefined;
  const declared = textList(data.declared).length > 0 ? textList(data.declared) : [...(details?.expected ?? [])];
  if (declared.length === 0) return [];
  const start = functionAt(rootCause.location, codebase);
  const reachable = [start, ...functionsToCall(rootCause.location, [], codebase)].filter((info) => info !== undefined);
  const functions = [...new Map(reachable.map((info) => [info.id, info])).values()].flatMap((info) => functionOf(info, sources) ?? []);
  return functions
    .filter((fn) => fn.info.exportedAs !== undefined && !httpHandler(fn.node))
    .flatMap((fn, rank) =>
      argumentLists(context, fn)
        .flatMap((args) => plan(context, fn, args, declared) ?? [])
        .map((one, index) => ({ ...one, weight: 0.8 ** rank * 0.9 ** index })),
    );
}

function argumentLists({ codebase, sources, style, diagnosis }: TestContext, fn: CodeFunction): Argument[][] {
  const context: ArgumentContext = { codebase, sources, style: style.code, shape: {} };
  const { failingCalls, passingCalls } = diagnosis.analysis;
  const logged = callValues([...failingCalls, ...passingCalls])
    .slice(0, 2)
    .flatMap((values) => loggedArguments(fn, values, context).slice(0, 1))
    .map((list) => [...list.args]);
  const made = withFactories(fn, [...minimalArguments(fn, context).args], context);
  return [...logged.map((args) => withFactories(fn, args, context)), ...existingArguments(fn, codebase, sources), made];
}

/** What the repository can make by itself is better than a made-up value. */
function withFactories(fn: CodeFunction, args: Argument[], { codebase }: ArgumentContext): Argument[] {
  return args.map((arg, index) => {
    const parameter = fn.node.getParameters()[index];
    const factory =
      arg.logged || !parameter ? undefined : factoryFor({ name: arg.name, type: parameter.getTypeNode()?.getText() }, codebase);
    return factory ? { ...arg, ...factory } : arg;
  });
}

/** How the steps show to a test. */
type Channel =
  | { readonly kind: 'log'; readonly index: number }
  | { readonly kind: 'steps'; readonly index: number }
  | { readonly kind: 'console' };

function channelOf(fn: CodeFunction, declared: readonly string[]): Channel {
  for (const [index, parameter] of fn.node.getParameters().entries()) {
    const name = parameter.getNameNode();
    if (!Node.isIdentifier(name)) continue;
    const members = referencesIn(fn.node, name.getText()).flatMap((reference) => {
      const access = reference.getParent();
      return Node.isPropertyAccessExpression(access) && access.getExpression() === reference ? [access.getName()] : [];
    });
    if (declared.filter((step) => members.includes(step)).length >= 2) return { kind: 'steps', index };
    const isLog =
      /^(log|logger|events?|bus|emitter|tracer|telemetry|audit)$/i.test(name.getText()) ||
      /Log(ger)?\b|EventEmitter|EventBus/.test(parameter.getTypeNode()?.getText() ?? '');
    if (isLog || (members.length > 0 && members.every((member) => LOG_METHODS.test(member)))) return { kind: 'log', index };
  }
  return { kind: 'console' };
}

function plan(context: TestContext, fn: CodeFunction, args: readonly Argument[], declared: readonly string[]): TestPlan | undefined {
  const { style, assert, diagnosis } = context;
  const { semicolon: end, quote } = style.code;
  const channel = channelOf(fn, declared);
  const observed = observing(channel, fn, args, context);
  const subject = subjectCall(fn, { args: observed.args, confidence: 1, origin: '' }, style);
  if (!subject) return undefined;
  const steps = `[${declared.map((step) => quote + step.replaceAll(quote, `\\${quote}`) + quote).join(', ')}]`;
  const own = subject.setup.filter((line) => !observed.names.some((name) => line === `const ${name} = ${name}${end}`));
  const run = subject.asynchronous ? `await ${subject.call}${end}` : `${subject.call}${end}`;
  return {
    proof: 'order',
    target: diagnosis.analysis.rootCause.location,
    subject: fn.info.name.split('.').at(-1) ?? fn.info.name,
    claim: 'runs its steps in the declared order',
    imports: subject.imports,
    body: [
      `const declared = ${steps}${end}`,
      `const seen${style.typescript ? ': string[]' : ''} = []${end}`,
      ...observed.setup,
      ...own,
      ...observed.around(run),
      assert.deepEqual('seen', 'declared'),
    ],
    asynchronous: subject.asynchronous || subject.awaits,
    source: {
      events: diagnosis.analysis.failingCalls.slice(0, 1).map((call) => call.eventId),
      description: `a run of the flow, seen through ${channel.kind === 'console' ? 'what it prints' : `its ${channel.kind}`}`,
    },
    expectation: `${fn.info.name} runs ${declared.join(', ')} in this order`,
    weight: 1,
  };
}

interface Observed {
  readonly setup: readonly string[];
  readonly args: readonly Argument[];
  /** Names of arguments that the setup already declares. */
  readonly names: readonly string[];
  around(run: string): string[];
}

function observing(channel: Channel, fn: CodeFunction, args: readonly Argument[], { style }: TestContext): Observed {
  const { semicolon: end, indent } = style.code;
  const text = style.typescript ? 'text: string' : 'text';
  const any = style.typescript ? ': unknown[]' : '';
  const note = [
    `const note = (${text}) => {`,
    `${indent}const [step] = declared.filter((one) => text.includes(JSON.stringify(one)) || text.trim() === one)${end}`,
    `${indent}if (step !== undefined && seen.at(-1) !== step) seen.push(step)${end}`,
    `}${end}`,
  ];
  if (channel.kind === 'console') return throughConsole(note, args, end, indent, any);
  const name = fn.node.getParameters()[channel.index]?.getName() ?? 'log';
  const replaced = (code: readonly string[]): Observed => ({
    setup: code,
    args: padded(args, fn, channel.index, name),
    names: [name],
    around: (run) => [run],
  });
  if (channel.kind === 'log') {
    const cast = style.typescript ? ' as never' : '';
    const made = style.typescript ? `const ${name}: never = new Proxy(` : `const ${name} = new Proxy(`;
    return replaced([
      ...note,
      `${made}() => undefined, {`,
      `${indent}get: () => (...args${any}) => {`,
      `${indent}${indent}note(JSON.stringify(args))${end}`,
      `${indent}${indent}return ${name}${end}`,
      `${indent}},`,
      `})${cast}${end}`,
    ]);
  }
  const inner = args[channel.index]?.code ?? '{}';
  return replaced([
    `const ${name} = new Proxy(${inner}, {`,
    `${indent}get: (target${style.typescript ? ': object' : ''}, key${style.typescript ? ': string' : ''}) => {`,
    `${indent}${indent}const member = Reflect.get(target, key)${end}`,
    `${indent}${indent}if (!declared.includes(key)) return member${end}`,
    `${indent}${indent}return async (...args${any}) => {`,
    `${indent}${indent}${indent}seen.push(key)${end}`,
    `${indent}${indent}${indent}return typeof member === 'function' ? member(...args) : {}${end}`,
    `${indent}${indent}}${end}`,
    `${indent}},`,
    `})${style.typescript ? ' as never' : ''}${end}`,
  ]);
}

function padded(args: readonly Argument[], fn: CodeFunction, index: number, name: string): Argument[] {
  const list = fn.node
    .getParameters()
    .map((parameter, at) => args[at] ?? { name: parameter.getName(), code: 'undefined', imports: [], confidence: 0, logged: false });
  return list
    .slice(0, Math.max(args.length, index + 1))
    .map((arg, at) => (at === index ? { name, code: name, imports: [], confidence: 1, logged: true } : arg));
}

function throughConsole(note: readonly string[], args: readonly Argument[], end: string, indent: string, any: string): Observed {
  return {
    setup: [
      ...note,
      `const { log, info } = console${end}`,
      `console.log = (...args${any}) => note(args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' '))${end}`,
      `console.info = console.log${end}`,
    ],
    args,
    names: [],
    around: (run) => [`try {`, `${indent}${run}`, `} finally {`, `${indent}Object.assign(console, { log, info })${end}`, `}`],
  };
}
