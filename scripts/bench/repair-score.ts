import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfhealConfig } from '@selfheal/contracts';
import { probeInputs } from '@selfheal/repair';
import { createSandbox } from '@selfheal/sandbox';
import { structuredPatch } from 'diff';
import { type RepairPatch, type RepairReport, takeSnapshot } from 'selfheal/repair';
import type { RepairCase } from './repair-cases.ts';

const SOURCE = 'src/solution.js';
/** Not the seed of the engine: what it compared patches by must not be what it is judged by. */
const SCORER_SEED = 977;
const LIMITS = { steps: 3_000_000, testMs: 4_000, hangMs: 15_000 };

export interface Score {
  readonly correct: boolean;
  /** Rank of the first truly faulty line, from 1; infinite where it is not in the ranking. */
  readonly rankBefore: number;
  readonly rankAfter: number;
}

/** Judges a report against the human fix: same results on the recorded and on mutated inputs, wherever the fix itself does not throw. */
export async function scoreRepair(one: RepairCase, report: RepairReport): Promise<Score> {
  const buggy = await readFile(join(one.folder, SOURCE), 'utf8');
  const fixed = await readFile(one.fixedFile, 'utf8');
  const faulty = changedLines(buggy, fixed);
  const rank = (lines: readonly { readonly line: number }[]): number => {
    const at = lines.findIndex(({ line }) => faulty.has(line));
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
  };
  const ranks = { rankBefore: rank(report.locations.before), rankAfter: rank(report.locations.after) };
  const [patch] = report.patches;
  if (patch === undefined) return { correct: false, ...ranks };
  const [correct = false] = await behaveAlike(one.folder, buggy, fixed, [patchedText(buggy, patch)]);
  return { correct, ...ranks };
}

export function patchedText(buggy: string, { edits }: RepairPatch): string {
  return edits.reduce((text, { search, replace }) => text.replace(search, () => replace), buggy);
}

/** Whether each text gives what the human fix gives. `folder` holds the buggy text and the tests whose calls are repeated and varied. */
export async function behaveAlike(folder: string, buggy: string, fixed: string, patched: readonly string[]): Promise<boolean[]> {
  await using snapshot = await takeSnapshot(folder);
  const sandbox = createSandbox({ root: snapshot.root, dataDir: snapshot.dataDir, config: selfhealConfig.parse({}) });
  const runner = await sandbox.detectRunner(snapshot.root);
  if (runner === undefined) throw new TypeError(`${folder} has no tests`);
  await using checkout = await sandbox.checkout(snapshot.commit);
  await using warm = await sandbox.openWarmTests(checkout, runner, { sources: [SOURCE] });
  const as = (text: string) => [{ file: SOURCE, start: 0, end: buggy.length, text }];
  // On the buggy text: its entries are instrumented. The calls are those of the tests either way.
  const base = await warm.run([], { covered: true, limits: LIMITS });
  const calls = probeInputs(
    base.results.flatMap((result) => result.calls ?? []),
    SCORER_SEED,
  );
  const human = await warm.call(as(fixed), calls, LIMITS);
  const result = (line: string | undefined): string | undefined => line?.split('\0')[0];
  const alike: boolean[] = [];
  for (const text of patched) {
    const ours = await warm.call(as(text), calls, LIMITS);
    alike.push(human.length > 0 && human.every((line, at) => line.startsWith('throws ') || result(line) === result(ours[at])));
  }
  return alike;
}

/** Lines of the buggy text that the human fix changes; of a pure insertion, those around it. */
function changedLines(buggy: string, fixed: string): Set<number> {
  const found = new Set<number>();
  for (const { oldStart, oldLines, lines } of structuredPatch('a', 'b', buggy, fixed, '', '', { context: 0 }).hunks) {
    if (oldLines === 0) for (const line of [oldStart, oldStart + 1]) found.add(line);
    else for (const at of lines.filter((line) => line.startsWith('-')).keys()) found.add(oldStart + at);
  }
  return found;
}
