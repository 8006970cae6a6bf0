import { expect, test } from 'vitest';
import { rankLines } from '../rank-lines/rank-lines.ts';
import { generateCandidates } from './generate-candidates.ts';
import type { RepairCandidate } from './repair-candidate.ts';
import { searchRepairs, type TrialOutcome } from './search-repairs.ts';

const TEXT = `export function clamp(value, low, high) {
  if (value < low) return high;
  if (value > high) return low;
  return value;
}
`;
const LINES = [2, 3, 4].map((line) => ({ file: 'clamp.js', line, score: 1 / line, why: '' }));
const singles = (): RepairCandidate[] => generateCandidates(new Map([['clamp.js', TEXT]]), LINES, ['7']);

function applied({ changes }: RepairCandidate): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), TEXT);
}

function ports(outcomeOf: (text: string) => TrialOutcome, now: () => number = () => 0) {
  const tried: string[] = [];
  return {
    tried,
    attempt: async (candidate: RepairCandidate) => {
      tried.push(candidate.id);
      return outcomeOf(applied(candidate));
    },
    elapsed: now,
  };
}

const BAD: TrialOutcome = { plausible: false, fixed: 0, broken: 1 };

test('no two candidates make the same text, and the same input gives the same order', () => {
  const made = singles();
  expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
  expect(singles().map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect(made.length).toBeGreaterThan(200);
  expect(made.every(({ score }, index) => score <= (made[index - 1]?.score ?? 1))).toBe(true);
});

test('two edits are found where each mends a part', async () => {
  const right = (text: string): number =>
    Number(text.includes('(value < low) return low')) + Number(text.includes('(value > high) return high'));
  let ms = 0;
  const search = ports(
    (text) => ({ plausible: right(text) === 2, fixed: right(text) / 2, broken: 0 }),
    () => (ms += 5),
  );
  const { plausible } = await searchRepairs(singles(), 60_000, search);
  expect(plausible.map(applied)).toContain(
    TEXT.replace('return high', 'return *').replace('return low', 'return high').replace('return *', 'return low'),
  );
});

test('the budget ends the search, with what was found until then', async () => {
  let ms = 0;
  const search = ports(
    (text) => (text.includes('value <= low') ? { plausible: true, fixed: 1, broken: 0 } : BAD),
    () => (ms += 1),
  );
  const { plausible, tried } = await searchRepairs(singles(), 60, search);
  expect(plausible.length).toBeGreaterThan(0);
  expect(tried).toBeLessThan(80);
});

test('a cancelled search tries nothing more', async () => {
  const stop = new AbortController();
  const search = ports(() => {
    stop.abort();
    return BAD;
  });
  const { tried } = await searchRepairs(singles(), 60_000, { ...search, signal: stop.signal });
  expect(tried).toBeLessThan(8);
});

test('lines that never ran have no candidates', () => {
  expect(rankLines(new Map([['clamp.js', TEXT]]), [])).toEqual([]);
});
