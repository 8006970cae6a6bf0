import { readFile, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestRunner, TextChange, WarmOutcome, WarmRunOptions, WarmTests } from '@selfheal/contracts';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import type { Mount } from '../confine/plan.ts';
import { countSteps } from './count-steps.ts';
import { type Insertion, offsetMap, type Replacement, weave } from './insertions.ts';
import { readCallResults, readOutcome } from './read-answer.ts';
import { splitAssertions } from './split-assertions.ts';
import { needsTranspiling, pathAliases, type Transpiled, transpile } from './transpile.ts';
import { type StartTalking, WarmProcess } from './warm-process.ts';

const RUNTIME = fileURLToPath(new URL('../runtime/warm', import.meta.url));
const FLAGS = ['--experimental-vm-modules', '--experimental-import-meta-resolve', '--no-warnings', '--stack-size=900'];

export interface WarmStep {
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  readonly signal: AbortSignal;
}

interface Woven {
  readonly text: string;
  readonly insertions: readonly Insertion[];
  /** Of a file that is more than JavaScript with types: what is run of the text with its insertions. */
  readonly made?: Transpiled;
}

/** Opens the warm process over a checkout: see WarmSandbox in the contracts. `start` runs a confined command that can be talked to. */
export async function openWarmTests(
  checkout: RepositoryCheckout,
  runner: TestRunner,
  sources: readonly string[],
  start: (step: WarmStep) => StartTalking,
): Promise<WarmTests> {
  // Node names modules by their real path.
  const root = await realpath(checkout.path);
  const script = isScript(runner);
  const files = new Map<string, Woven>();
  for (const file of new Set([...sources, ...runner.testFiles])) {
    const text = await readFile(join(root, file), 'utf8');
    const insertions = runner.testFiles.includes(file) ? splitAssertions(file, text, script) : countSteps(file, text);
    const whole = weave(text, insertions, []);
    files.set(file, { text, insertions, ...(needsTranspiling(file, text) ? { made: transpile(join(root, file), whole) } : {}) });
  }
  const texts = Object.fromEntries([...files].map(([file, woven]) => [join(root, file), asRun(file, woven, [], root)]));
  // What tests import beside the sources.
  for (const file of checkout.paths.filter((path) => /\.([cm]?ts|[jt]sx)$/.test(path) && !files.has(path))) {
    const text = await readFile(join(root, file), 'utf8');
    if (needsTranspiling(file, text)) texts[join(root, file)] = transpile(join(root, file), text).text;
  }
  const framework = script ? 'script' : runner.name;
  const setup = { root, framework, globals: runner.name !== 'node:test', texts, aliases: pathAliases(root) };
  const process = new WarmProcess(setup, (signal) =>
    start({
      argv: ['node', ...FLAGS, join(RUNTIME, 'main.mjs')],
      mounts: [...checkout.mounts, { kind: 'read', from: RUNTIME, to: RUNTIME }],
      signal,
    }),
  );
  const offsets = new Map([...files].map(([file, woven]) => [join(root, file), toBase(woven)]));
  const place = {
    toFile: (path: string) => relative(root, path),
    toBase: (path: string) => offsets.get(path),
    toLine: (path: string) => files.get(relative(root, path))?.made?.toSourceLine,
  };
  const absolute = runner.testFiles.map((file) => join(root, file));
  return {
    testFiles: runner.testFiles,
    run: async (changes, options): Promise<WarmOutcome> => {
      const { limits, wanted, afterwards, covered } = options;
      const texts = changedTexts(changes, files, root);
      const job = { texts, files: absolute, limits, wanted, afterwards, covered: covered === true, hangMs: limits.hangMs };
      return readOutcome(await process.ask(job), place);
    },
    call: async (changes, calls, limits: WarmRunOptions['limits']) => {
      const asked = calls.map(({ file, name, args }) => ({ module: join(root, file), name, args }));
      const texts = changedTexts(changes, files, root);
      return readCallResults(await process.ask({ texts, files: [], limits, calls: asked, hangMs: limits.hangMs }));
    },
    [Symbol.asyncDispose]: () => process.close(),
  };
}

/** `node test.js`: the exit code tells. */
function isScript({ name, command, testFiles }: TestRunner): boolean {
  return name === 'node:test' && !/--test\b/.test(command) && testFiles.length === 1;
}

function changedTexts(changes: readonly TextChange[], files: ReadonlyMap<string, Woven>, root: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const file of new Set(changes.map((change) => change.file))) {
    const woven = files.get(file);
    if (woven === undefined) throw new RangeError(`${file} is not among the sources of the warm process`);
    const own = changes.filter((change) => change.file === file).sort((a, b) => a.start - b.start);
    texts[join(root, file)] = asRun(file, woven, own, root);
  }
  return texts;
}

function asRun(file: string, { text, insertions, made }: Woven, changes: readonly Replacement[], root: string): string {
  const woven = weave(text, insertions, changes);
  return made === undefined ? woven : changes.length === 0 ? made.text : transpile(join(root, file), woven).text;
}

/** Insertions keep lines, so that only what was transpiled has lines of its own. */
function toBase({ insertions, made }: Woven): (offset: number) => number {
  const toText = offsetMap(insertions);
  return made === undefined ? toText : (offset) => toText(made.toSource(offset));
}
