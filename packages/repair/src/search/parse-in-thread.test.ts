import { expect, test } from 'vitest';
import { generateCandidates } from '../repair-search/generate-candidates.ts';
import { generateInThread, soundInThread } from './parse-in-thread.ts';

const texts = new Map([['a.ts', 'export const larger = (a: number, b: number): number => (a < b ? a : b);\n']]);
const ranks = [{ file: 'a.ts', line: 1, score: 1, why: '' }];

test('gives the edits that the same call gives here, the best ones of them', async () => {
  const { signal } = new AbortController();
  const made = await generateInThread({ texts, ranks, expected: ['4'], most: 5 }, signal);
  expect(made).toEqual(generateCandidates(texts, ranks, ['4']).slice(0, 5));
});

test('leaves out what does not compile', async () => {
  const as = (id: string, replace: string) => ({
    id,
    template: 'x',
    title: '',
    rationale: '',
    edits: [{ file: 'a.ts', search: 'a < b', replace }],
    location: { file: 'a.ts', line: 1 },
    prior: 1,
    score: 1,
    proposer: 'search',
  });
  const candidates = [as('wrong', 'a.length < b'), as('right', 'a > b')];
  const files = Object.fromEntries(texts);
  const { sound, notes } = await soundInThread({ candidates, files, most: 3 }, new AbortController().signal);
  expect(sound.map(({ id }) => id)).toEqual(['right']);
  expect(notes).toEqual([expect.stringMatching(/^x at a\.ts:1 left out: .*length/)]);
});

test('is cancelled while it works', async () => {
  const controller = new AbortController();
  const made = generateInThread({ texts, ranks, expected: [], most: 5 }, controller.signal);
  setTimeout(() => controller.abort(), 20);
  await expect(made).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(generateInThread({ texts, ranks, expected: [], most: 5 }, controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
});
