import type { Json, RecordedCall, RegressionTest } from '@selfheal/contracts';
import { argumentLists } from './concurrency-tests.ts';
import { type CodeFunction, functionAt, functionOf } from './function-node.ts';
import { type GrowthLimits, readGrowth } from './read-growth.ts';
import { renderTest } from './render-test.ts';
import { countedDown, growingLists, listParameters, sizedArguments } from './sized-arguments.ts';
import { subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport } from './test-plan.ts';

/** Runners give one test two seconds at the least. */
const LIMITS: GrowthLimits = { callMs: 60, passesMs: 250, passes: 3 };
const LISTS = { least: 16, most: 262_144, steps: 11 };
/** What a function counts down from makes far more work with each step. */
const NUMBERS = [4, 5, 6, 8, 10, 12, 15, 19, 24, 30, 38, 47, 59, 73, 92, 114, 142, 178];
const IMPORTS: readonly TestImport[] = [
  { module: 'node:v8', name: 'setFlagsFromString', as: 'setFlagsFromString' },
  { module: 'node:vm', name: 'runInNewContext', as: 'runInNewContext' },
];

/**
 * A test that measures how slow code grows with its input: that of production where it was seen, made shorter and longer. Undefined where
 * the code cannot be called by a test, or takes nothing whose size can be chosen.
 */
export function growthMeasurement(context: TestContext): RegressionTest['growth'] {
  const { diagnosis, codebase, sources, style } = context;
  const { rootCause, failingCalls } = diagnosis.analysis;
  const fn = functionOf(functionAt(rootCause.location, codebase), sources);
  if (!fn) return undefined;
  const numbers = countedDown(fn);
  const sizes = numbers.length > 0 ? NUMBERS : listSizes(failingCalls);
  const [subject] = argumentLists(context, fn).flatMap((args) => {
    const sized = sizedCall(context, fn, args, numbers);
    return (sized && subjectCall(fn, { args: sized, confidence: 1, origin: '' }, style)) ?? [];
  });
  if (!subject) return undefined;
  const { semicolon: end, indent } = style.code;
  const body = [
    `const readGrowth = ${readGrowth.toString()}${end}`,
    `setFlagsFromString('--expose-gc')${end}`,
    `const prepare = async (size) => {`,
    ...subject.setup.flatMap((line) => line.split('\n')).map((line) => indent + line),
    `${indent}return () => ${subject.call}${end}`,
    `}${end}`,
    `const readings = await readGrowth(prepare, ${JSON.stringify(sizes)}, runInNewContext('gc'), ${JSON.stringify(LIMITS)})${end}`,
    `throw new Error(\`SELFHEAL-PROBE \${JSON.stringify(readings)} END\`)${end}`,
  ];
  const { appendTo: _, ...ownFile } = style;
  const plan = {
    proof: 'growth' as const,
    target: rootCause.location,
    subject: fn.info.name.split('.').at(-1) ?? fn.info.name,
    claim: 'is measured at growing sizes',
    imports: [...IMPORTS, ...subject.imports],
    body,
    asynchronous: true,
    source: { events: [], description: '' },
    expectation: '',
    weight: 1,
  };
  const { file, edits } = renderTest(plan, ownFile, sources);
  // Some runners check the types of what they run.
  return { file, edits: edits.map((edit) => ({ ...edit, replace: `// @ts-nocheck\n${edit.replace}` })) };
}

type Arguments = ReturnType<typeof argumentLists>[number];

function sizedCall(context: TestContext, fn: CodeFunction, args: Arguments, numbers: readonly number[]): Arguments | undefined {
  const { lists: named, vary } = growingLists(context, fn);
  const lists = (named.length > 0 ? named : listParameters(fn)).filter(({ index }) => !numbers.includes(index));
  if (lists.length === 0 && numbers.length === 0) return undefined;
  const longer = lists.length === 0 ? args : sizedArguments(args, lists, vary, context.style.code.quote);
  return longer?.map((arg, index) => (numbers.includes(index) ? { ...arg, code: 'size', imports: [] } : arg));
}

/** From a quarter of the length that production had, doubled each time. */
function listSizes(calls: readonly RecordedCall[]): number[] {
  const seen = Math.max(0, ...calls.flatMap(({ input, request }) => [longestList(input), longestList(request?.body)]));
  const first = Math.min(Math.max(LISTS.least, Math.round(seen / 4)), LISTS.most / 16);
  return Array.from({ length: LISTS.steps }, (_, step) => first * 2 ** step).filter((size) => size <= LISTS.most);
}

function longestList(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(Array.isArray(value) ? value.length : 0, ...Object.values(value).map(longestList));
}
