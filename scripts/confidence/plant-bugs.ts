import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMutants } from '@selfheal/sandbox/mutants';
import { execa } from 'execa';
import type { RepairCase } from '../bench/repair-cases.ts';

/** A function with a bug, its correct text, and tests of which some fail. */
export interface PlantedBug {
  readonly id: string;
  /** Bugs of one function are kept together in cross-validation. */
  readonly of: string;
  /** Where the repair is tried: with a part of the tests. */
  readonly folder: string;
  /** With all tests: where the repair is judged. */
  readonly judgedIn: string;
  readonly buggy: string;
  readonly fixed: string;
}

const SOURCE = 'src/solution.js';
const TEST = 'test/solution.test.js';
const MOST_TRIES = 12;
/** Tests that are kept, of each bug of a function in turn: production shows one failing call, a test suite many. */
const KEPT = [1, 2, 3, Number.POSITIVE_INFINITY] as const;

/**
 * Bugs planted by seed into the correct text of a case: mutants of operators, conditions, literals and statements, every fourth with a second
 * one on top; and the bug that the case came with, with all its tests. Bugs that no test notices are not taken.
 */
export async function* plantBugs(one: RepairCase, folder: string, random: () => number): AsyncGenerator<PlantedBug> {
  const fixed = await readFile(one.fixedFile, 'utf8');
  const buggy = await readFile(join(one.folder, SOURCE), 'utf8');
  yield { id: `${one.id}-own`, of: one.id, folder: one.folder, judgedIn: one.folder, buggy, fixed };
  for (const [index, kept] of KEPT.entries()) {
    const id = `${one.id}-${index}`;
    const judgedIn = join(folder, id, 'all');
    await cp(one.folder, judgedIn, { recursive: true });
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const text = index === KEPT.length - 1 ? mutate(mutate(fixed, random), random) : mutate(fixed, random);
      await writeFile(join(judgedIn, SOURCE), text);
      const failing = await failingTests(judgedIn);
      if (text === fixed || failing.length === 0) continue;
      const part = join(folder, id, 'part');
      await cp(judgedIn, part, { recursive: true });
      await mkdir(join(part, 'test'), { recursive: true });
      await writeFile(join(part, TEST), keepTests(await readFile(join(judgedIn, TEST), 'utf8'), failing, kept, random));
      yield { id, of: one.id, folder: part, judgedIn, buggy: text, fixed };
      break;
    }
  }
}

function mutate(text: string, random: () => number): string {
  const lines = new Set(text.split('\n').map((_, index) => index + 1));
  const mutants = makeMutants('solution.js', text, lines);
  return mutants[Math.floor(random() * mutants.length)]?.text ?? text;
}

async function failingTests(folder: string): Promise<string[]> {
  const { stdout } = await execa('node', ['--test', '--test-reporter=tap', TEST], { cwd: folder, reject: false, timeout: 10_000 });
  return [...stdout.matchAll(/^\s*not ok \d+ - (.*)$/gm)].map(([, title = '']) => title.trim());
}

/** So many of the tests, one that fails among them. */
function keepTests(text: string, failing: readonly string[], most: number, random: () => number): string {
  const [head = '', ...blocks] = text.split(/^(?=test\()/m);
  const shuffled = blocks.map((block) => ({ block, at: random() })).sort((a, b) => a.at - b.at);
  const first = shuffled.findIndex(({ block }) => failing.some((title) => block.startsWith(`test('${title}'`)));
  if (first < 0) return text;
  const [needed] = shuffled.splice(first, 1);
  const kept = [needed, ...shuffled].slice(0, most).flatMap((one) => one?.block ?? []);
  return head + kept.join('');
}
