import { deserialize, serialize } from 'node:v8';
import { runInThisContext } from 'node:vm';
import type { TextChange, WarmCall } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';
import { mutantsOf } from './fix-mutants.ts';
import { type JudgeInput, judgePatches } from './judge-patches.ts';

const FILE = 'larger.js';
const TEXT = 'function larger(a, b) {\n  return a < b ? a : b;\n}\n';
const texts = new Map([[FILE, TEXT]]);

/** Replaces `old`, which is in the text once. */
function edit(old: string, text: string, operator: string, naturalness: number): RepairCandidate {
  const start = TEXT.indexOf(old);
  const changes: TextChange[] = [{ file: FILE, start, end: start + old.length, text }];
  return { id: `${old}→${text}`, operator, file: FILE, line: 2, changes, score: naturalness, naturalness };
}

function changed(changes: readonly TextChange[]): string {
  return [...changes].sort((a, b) => b.start - a.start).reduce((now, one) => now.slice(0, one.start) + one.text + now.slice(one.end), TEXT);
}

type Larger = (a: unknown, b: unknown) => unknown;
const compiled = new Map<string, Larger>();

function call(changes: readonly TextChange[], [a, b]: readonly unknown[]): string {
  const text = changed(changes);
  try {
    const larger: Larger = compiled.get(text) ?? runInThisContext(`${text}; larger`);
    compiled.set(text, larger);
    return String(larger(a, b));
  } catch (error) {
    return `throws ${error instanceof Error ? error.name : 'value'}`;
  }
}

function warmCall(...args: number[]): WarmCall {
  return { file: FILE, name: 'larger', args: serialize(args).toString('base64') };
}

/** Judged with the function really called, and these calls as tests. */
function judging(plausible: RepairCandidate[], tests: [number, number, number][], successes: WarmCall[] = []): JudgeInput {
  return {
    plausible,
    texts,
    seed: 3,
    recorded: tests.map(([a, b]) => warmCall(a, b)),
    successes,
    failing: 1,
    assertions: tests.length,
    attempt: async (changes) => {
      const held = tests.every(([a, b, most]) => call(changes, [a, b]) === String(most));
      return { plausible: held, fixed: held ? 1 : 0, broken: 0 };
    },
    call: async (changes, calls) => calls.map(({ args }) => call(changes, deserialize(Buffer.from(args, 'base64')))),
  };
}

const turned = edit('<', '>', 'swap-operator', 0.9);
const swapped = edit('a : b', 'b : a', 'swap-operands', 0.5);
const constant = edit('a < b ? a : b', '5', 'change-return', 0.2);

test('edits that behave alike are one meaning, trusted more than one that only fits the tests', async () => {
  const judged = await judgePatches(
    judging(
      [constant, swapped, turned],
      [
        [5, 3, 5],
        [1, 5, 5],
      ],
    ),
  );
  expect(judged.map(({ candidate }) => candidate.id)).toEqual([turned.id, constant.id]);
  const [right, lucky] = judged;
  expect(right?.confidence).toBeGreaterThan(lucky?.confidence ?? 1);
  expect(right?.why).toContain('2 of 3 plausible edits behave alike');
});

test('a patch that changes what went well in production is left out', async () => {
  const judged = await judgePatches(judging([constant, turned], [[5, 3, 5]], [warmCall(4, 4)]));
  expect(judged.map(({ candidate }) => candidate.id)).toEqual([turned.id]);
});

test('tests that do not notice mutants of the fix make it less sure', async () => {
  const [weak] = await judgePatches(judging([turned], [[5, 3, 5]]));
  const [strong] = await judgePatches(
    judging(
      [turned],
      [
        [5, 3, 5],
        [1, 5, 5],
        [-2, -7, -2],
        [0, 1, 1],
      ],
    ),
  );
  expect(weak?.evidence?.killed).toBeLessThan(strong?.evidence?.killed ?? 0);
});

test('mutants of a fix change its own lines and are never the base', () => {
  const mutants = mutantsOf(turned, texts, 6).map(changed);
  expect(mutants).toHaveLength(6);
  for (const mutant of mutants) {
    expect(mutant).not.toBe(TEXT);
    expect(mutant).not.toBe(changed(turned.changes));
    expect(mutant.split('\n')[0]).toBe('function larger(a, b) {');
  }
});
