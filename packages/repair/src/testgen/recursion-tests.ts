import { posix } from 'node:path';
import { argumentLists } from './concurrency-tests.ts';
import { functionAt, functionOf } from './function-node.ts';
import { toStringLiteral } from './literal.ts';
import { testFileOf } from './render-test.ts';
import { countedDown, listParameters, sizedArguments } from './sized-arguments.ts';
import { isAsynchronous, type SubjectCall, subjectCall } from './subject-call.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

/** What branches at every step calls itself so often at the larger size that it still ends at once, and more than it may. */
const SIZES = { one: { small: 8, large: 16 }, several: { small: 5, large: 10 } };
/** Twice the size makes twice the results of one dimension, and this much room. */
const ROOM = 3;
const FEW = 10;

/**
 * Tests that a function which calls itself does so in proportion to its input. What it is given may be a mere number, of which nothing can be
 * counted: a process of its own runs it, and V8's coverage of that process tells how often it was called. No clock is read.
 */
export function recursionTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const { rootCause, data } = diagnosis.analysis;
  const fn = functionOf(functionAt(rootCause.location, codebase), sources);
  if (data.kind !== 'recursion' || !fn || isAsynchronous(fn)) return [];
  const name = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const numbers = countedDown(fn);
  const lists = listParameters(fn).filter(({ index }) => !numbers.includes(index));
  const dimensions = numbers.length + Math.min(1, lists.length);
  if (dimensions === 0) return [];
  return argumentLists(context, fn).flatMap((args, rank) => {
    const longer = lists.length === 0 ? args : sizedArguments(args, lists, [], context.style.code.quote);
    const sized = longer?.map((arg, index) => (numbers.includes(index) ? { ...arg, code: 'size', imports: [] } : arg));
    const subject = sized && subjectCall(fn, { args: sized, confidence: 1, origin: '' }, context.style);
    // The other process takes in the function alone.
    if (!subject || subject.awaits || subject.imports.length !== 1) return [];
    const sizes = dimensions === 1 ? SIZES.one : SIZES.several;
    const counted = { subject, name, ...sizes, most: ROOM * 2 ** dimensions };
    const plan: TestPlan = {
      proof: 'growth',
      target: rootCause.location,
      subject: name,
      claim: 'calls itself in proportion to its input',
      imports: [...PLATFORM, ...(context.style.modules === 'commonjs' ? [PATH_TO_URL] : []), ...subject.imports],
      body: bodyOf(context, counted),
      asynchronous: false,
      source: {
        events: diagnosis.analysis.failingCalls.slice(0, 1).map((call) => call.eventId),
        description: `inputs of the sizes ${counted.small} and ${counted.large}`,
      },
      expectation: `at most ${counted.most} times as many calls of ${name} at ${counted.large} as at ${counted.small}`,
      weight: 0.95 * 0.9 ** rank,
    };
    return [plan];
  });
}

const PLATFORM: readonly TestImport[] = [
  ...['mkdtempSync', 'readdirSync', 'readFileSync', 'rmSync'].map((name) => ({ module: 'node:fs', name, as: name })),
  { module: 'node:child_process', name: 'execFileSync', as: 'execFileSync' },
  { module: 'node:os', name: 'tmpdir', as: 'tmpdir' },
  { module: 'node:path', name: 'join', as: 'join' },
];
const PATH_TO_URL: TestImport = { module: 'node:url', name: 'pathToFileURL', as: 'pathToFileURL' };

interface Counted {
  readonly subject: SubjectCall;
  readonly name: string;
  readonly small: number;
  readonly large: number;
  /** Growth of the calls from the small to the large size at most. */
  readonly most: number;
}

function bodyOf({ style, assert, diagnosis, sources }: TestContext, { subject, name, small, large, most }: Counted): string[] {
  const { semicolon: end, indent, quote: q } = style.code;
  const { file } = diagnosis.analysis.rootCause.location;
  const path = toStringLiteral(relativePath(testFileOf(file, style, sources), file), q);
  const url = style.modules === 'commonjs' ? `pathToFileURL(require.resolve(${path})).href` : `new URL(${path}, import.meta.url).href`;
  const found = `/"functionName":"${name}","ranges":\\[\\{[^}]*"count":(\\d+)/`;
  const inner = [
    `const program = ${programOf(subject, q)}${end}`,
    `const folder = mkdtempSync(join(tmpdir(), ${q}calls-${q}))${end}`,
    'try {',
    `${indent}execFileSync(process.execPath, [${q}--input-type=module${q}, ${q}--eval${q}, program], { env: { NODE_V8_COVERAGE: folder } })${end}`,
    `${indent}const coverage = readFileSync(join(folder, ...readdirSync(folder)), ${q}utf8${q})${end}`,
    `${indent}return Number(${found}.exec(coverage)?.[1])${end}`,
    '} finally {',
    `${indent}rmSync(folder, { recursive: true })${end}`,
    '}',
  ];
  const typed = style.typescript ? ': number' : '';
  return [
    `const file = ${url}${end}`,
    `const callsAt = (size${typed}) => {`,
    ...inner.map((line) => indent + line),
    `}${end}`,
    `const small = callsAt(${small})${end}`,
    `const large = callsAt(${large})${end}`,
    assert.atMost('large', `${most} * small + ${FEW}`, `calls of ${name} multiply as its input grows`),
    // In this process too, so that its lines are covered.
    `const size = ${small}${end}`,
    ...subject.setup.flatMap((line) => line.split('\n')),
    assert.succeeds(subject.call, false),
  ];
}

/** The program of the other process, put together of texts and the two values that it is given. */
function programOf({ imports: [taken], setup, call }: SubjectCall, quote: "'" | '"'): string {
  const exported = taken?.name === 'module.exports' ? 'default' : taken?.name;
  const named = exported === taken?.as ? taken?.as : `${exported}: ${taken?.as}`;
  const text = (part: string): string => toStringLiteral(part, quote);
  const start = `const { ${named} } = await import(`;
  const rest = [...setup.map((line) => line.replace(/;?$/, ';')), `${call};`].join(' ');
  return `${text(start)} + JSON.stringify(file) + ${text('); const size = ')} + size + ${text(`; ${rest}`)}`;
}

function relativePath(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
