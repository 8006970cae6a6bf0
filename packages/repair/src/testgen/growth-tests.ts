import { textValue } from '../templates/causes.ts';
import { argumentLists, type FromParameter } from './concurrency-tests.ts';
import { type CodeFunction, functionAt, functionOf } from './function-node.ts';
import { growingLists, type SizedArgument, sizedArguments } from './sized-arguments.ts';
import { spiesOf } from './spies.ts';
import { isAsynchronous, subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

const SMALL = 50;
const LARGE = 200;
/** Work may grow by this factor over four times the input: more than linear or n log n needs, less than a square (16). */
const MOST_GROWTH = 6;

/**
 * Tests that count operations at two sizes of the input: items that list methods run over, values that are read, calls of the platform.
 * No clock is read, so that a slow machine changes nothing.
 */
export function growthTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { rootCause } = diagnosis.analysis;
  const fn = functionOf(functionAt(rootCause.location, codebase), sources);
  if (!fn) return [];
  const counter = counterFor(context, rootCause.category);
  if (!counter) return [];
  const { lists, vary } = growingLists(context, fn);
  return argumentLists(context, fn).flatMap((args, rank) => {
    const sized = sizedArguments(args, counter.onlyOuter ? lists.slice(0, 1) : lists, vary, context.style.code.quote);
    const plan = sized && planOf(context, fn, sized, counter, lists);
    return plan ? [{ ...plan, weight: plan.weight * 0.9 ** rank }] : [];
  });
}

/** How the work of one run is counted. */
interface Counter {
  readonly imports: readonly TestImport[];
  readonly start: readonly string[];
  /** The count, as source, after the run. */
  readonly count: string;
  readonly stop: readonly string[];
  /** Wraps the arguments, so that reads of them are counted. */
  readonly proxies: boolean;
  /** Only the list that the loop goes over grows; what is counted must then not grow at all. */
  readonly onlyOuter: boolean;
  readonly what: string;
}

function counterFor(context: TestContext, category: string): Counter | undefined {
  const { data } = context.diagnosis.analysis;
  if (category === 'quadratic-loop') {
    const method =
      textValue(data.method) ?? /\.(includes|indexOf|find|findIndex|filter|some|every)\(/.exec(textValue(data.inner) ?? '')?.[1];
    return method === undefined || !/^(includes|indexOf|lastIndexOf|find|findIndex|findLast|filter|some|every)$/.test(method)
      ? reads(false)
      : scanned(context, method);
  }
  if (category !== 'loop-invariant' && category !== 'repeated-pure-call') return undefined;
  const expression = textValue(data.expression) ?? textValue(data.call) ?? '';
  const [, owner, method] = /^(?:new )?(JSON|Intl|Object|Array)\.(\w+)\(/.exec(expression) ?? [];
  return owner !== undefined && method !== undefined ? spied(context, owner, method) : reads(true);
}

/**
 * Counts the items that a list method runs over, in the one form that the integrity check lets pass: the method still does its work, and
 * is put back. A runner's spies do not reach lists.
 */
function scanned({ style }: TestContext, method: string): Counter {
  const { semicolon: end, indent } = style.code;
  const typed = style.typescript ? '(this: unknown[], ...args: never)' : '(...args)';
  return {
    imports: [],
    start: [
      `const { ${method} } = Array.prototype${end}`,
      `let count = 0${end}`,
      `Array.prototype.${method} = function ${typed} {`,
      `${indent}count += this.length${end}`,
      `${indent}return ${method}.apply(this, args)${end}`,
      `}${end}`,
    ],
    count: 'count',
    stop: [`Array.prototype.${method} = ${method}${end}`],
    proxies: false,
    onlyOuter: false,
    what: `items that ${method} runs over`,
  };
}

function spied({ style }: TestContext, owner: string, method: string): Counter {
  const spies = spiesOf(style);
  return {
    imports: spies.imports,
    start: [`const spy = ${spies.spy(owner, method)}${style.code.semicolon}`],
    count: spies.calls('spy'),
    stop: [spies.restore('spy')],
    proxies: false,
    onlyOuter: true,
    what: `calls of ${owner}.${method}`,
  };
}

function reads(onlyOuter: boolean): Counter {
  return { imports: [], start: [], count: 'count', stop: [], proxies: true, onlyOuter, what: 'values read' };
}

function planOf(
  context: TestContext,
  fn: CodeFunction,
  args: readonly SizedArgument[],
  counter: Counter,
  lists: readonly FromParameter[],
): TestPlan | undefined {
  const { style, assert, diagnosis } = context;
  const { semicolon: end, indent } = style.code;
  const outer = lists[0]?.index;
  const counted = args.map((arg, index) => {
    const isCounted = counter.proxies && /^[[{(A]/.test(arg.code) && (!counter.onlyOuter || index !== outer);
    return isCounted ? { ...arg, code: `counted(${arg.code})` } : arg;
  });
  if (counter.proxies && !counted.some((arg) => arg.code.startsWith('counted('))) return undefined;
  const asynchronous = isAsynchronous(fn);
  const subject = subjectCall(fn, { args: counted, confidence: 1, origin: '' }, style);
  if (!subject) return undefined;
  const typed = style.typescript ? ': number' : '';
  const generic = style.typescript ? '<T extends object>(value: T): T' : '(value)';
  const proxy = counter.proxies
    ? [
        `${indent}let count = 0${end}`,
        `${indent}const counted = ${generic} =>`,
        `${indent}${indent}new Proxy(value, {`,
        `${indent}${indent}${indent}get(target, key) {`,
        `${indent}${indent}${indent}${indent}count += 1${end}`,
        `${indent}${indent}${indent}${indent}return Reflect.get(target, key)${end}`,
        `${indent}${indent}${indent}},`,
        `${indent}${indent}})${end}`,
      ]
    : [];
  const run = `${asynchronous ? 'await ' : ''}${subject.call}${end}`;
  const body = [
    `const work = ${asynchronous || subject.awaits ? 'async ' : ''}(size${typed}) => {`,
    ...proxy,
    ...subject.setup.flatMap((line) => line.split('\n')).map((line) => indent + line),
    ...counter.start.map((line) => indent + line),
    ...(counter.stop.length > 0
      ? [
          `${indent}try {`,
          `${indent}${indent}${run}`,
          `${indent}${indent}return ${counter.count}${end}`,
          `${indent}} finally {`,
          ...counter.stop.map((line) => indent + indent + line),
          `${indent}}`,
        ]
      : [indent + run, `${indent}return ${counter.count}${end}`]),
    `}${end}`,
    `const small = ${asynchronous || subject.awaits ? 'await ' : ''}work(${SMALL})${end}`,
    `const large = ${asynchronous || subject.awaits ? 'await ' : ''}work(${LARGE})${end}`,
    counter.onlyOuter
      ? assert.atMost('large', `small + ${SMALL}`, `${counter.what} grow with the input`)
      : assert.atMost('large', `${MOST_GROWTH} * small + ${SMALL}`, `${counter.what} grow with the square of the input`),
  ];
  return {
    proof: 'growth',
    target: diagnosis.analysis.rootCause.location,
    subject: fn.info.name.split('.').at(-1) ?? fn.info.name,
    claim: counter.onlyOuter ? 'does the same work for few and many items' : 'does work in proportion to its input',
    imports: [...counter.imports, ...subject.imports],
    body,
    asynchronous: asynchronous || subject.awaits,
    source: {
      events: diagnosis.analysis.failingCalls.slice(0, 1).map((call) => call.eventId),
      description: `inputs of ${SMALL} and ${LARGE} items`,
    },
    expectation: `${counter.what}: ${counter.onlyOuter ? 'no more' : `at most ${MOST_GROWTH} times as many`} for ${LARGE} items as for ${SMALL}`,
    weight: counter.proxies ? 0.8 : 0.95,
  };
}
