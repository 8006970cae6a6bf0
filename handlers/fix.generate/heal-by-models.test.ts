import type { FixProposers, FixQuestion, ProposedFix } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { boxesRepository } from './boxes-for-tests.ts';
import { errorAnomaly, type FixRig, fixRig, generateFix } from './fix-rig.ts';
import { NOW } from './repair-rig.ts';

/** An item heavier than a whole box leaves an empty box behind, which a later step refuses: no template and no single edit mends that. */
const boxes = boxesRepository('load + item.weight > capacity', "pack([item('a', 1), item('b', 12)], 10), ['0: a', '1: b']");

const CONDITION = 'if (load + item.weight > capacity) {';
const RIGHT = { file: 'lib/boxes.js', search: CONDITION, replace: 'if (load > 0 && load + item.weight > capacity) {' };
const WRONG = { file: 'lib/boxes.js', search: CONDITION, replace: 'if (load + item.weight >= capacity) {' };
const BREAKS = { file: 'lib/boxes.js', search: CONDITION, replace: 'if (false) {' };

/** Proposers that give these edits, one list for each round, and what was asked and told. */
function proposing(...rounds: readonly (readonly ProposedFix['edits'][number][])[][]) {
  const questions: FixQuestion[] = [];
  const told: string[] = [];
  const proposers: FixProposers = {
    async propose(question) {
      questions.push(question);
      const fixes = (rounds[question.round - 1] ?? []).map((edits, index) => ({
        id: `${question.round}.${index}`,
        model: 'house',
        reasoning: `because ${index}`,
        edits,
      }));
      return { askedAt: NOW, fixes, why: 'no more ideas' };
    },
    conclude: async (id, result, detail) => void told.push(`${id} ${result}: ${detail}`),
  };
  return { questions, told, proposers };
}

const asked = (rig: FixRig, fixProposers: FixProposers): FixRig => ({ ...rig, ports: { ...rig.ports, fixProposers } });

it('takes a fix that a model proposed where nothing else holds, after its first one failed', { timeout: 120_000 }, async () => {
  await using rig = await fixRig(boxes, { policy: { searchBudgetMs: 0, maxCandidates: 1 } });
  const input = [[{ name: 'a', weight: 12 }], 10];
  const run = `require('./lib/boxes').pack(...${JSON.stringify(input)})`;
  const diagnosis = await rig.diagnose(await errorAnomaly(rig.root, { run, calls: [{ input }], operation: 'pack' }));
  const alone = await generateFix(rig, diagnosis);
  expect(alone.search).toMatchObject({ found: false });

  const model = proposing([[BREAKS], [{ ...RIGHT, search: 'nothing like it' }]], [[RIGHT], [RIGHT], [BREAKS]]);
  const healed = await generateFix(asked(rig, model.proposers), diagnosis);
  expect(healed.search).toMatchObject({ found: true, candidate: { proposer: 'models', model: 'house', template: 'model:house' } });
  expect(healed.patch?.diff).toContain('+    if (load > 0 && load + item.weight > capacity) {');
  expect(healed.integrity).toEqual({ valid: true, violations: [] });
  expect(healed.stored?.valid).toBe(true);
  // What the tests said is told to the next round, and equal edits are one candidate.
  expect(model.questions[1]?.previous.map(({ outcome }) => outcome).toSorted()).toEqual([
    expect.stringMatching(/^1 other tests fail with it\n.*fills a box/s),
    expect.stringContaining('refused'),
  ]);
  const holds = 'the new test and all others pass';
  expect(model.told.slice(2)).toEqual([`2.0 pending: ${holds}`, `2.1 pending: ${holds}`, expect.stringContaining('2.2 stopped')]);

  const hostile = proposing([
    [{ file: 'test/boxes.test.js', search: 'RangeError', replace: 'Error' }],
    [{ file: 'package.json', search: 'node --test', replace: 'true' }],
    [{ file: '.github/workflows/ci.yml', search: '', replace: 'on: push' }],
    [{ ...RIGHT, replace: 'if (' }],
    [{ ...RIGHT, replace: "require('child_process').execSync('true'); if (load > 0) {" }],
    [WRONG],
  ]);
  const attacked = await generateFix(asked(rig, hostile.proposers), diagnosis);
  expect(hostile.told.filter((line) => line.includes('refused'))).toHaveLength(5);
  expect({ ...attacked.search, trials: attacked.search.trials.slice(0, alone.search.trials.length) }).toEqual({
    ...alone.search,
    trials: alone.search.trials.map((trial) => ({ ...trial, durationMs: expect.any(Number) })),
    why: expect.stringContaining(alone.search.why),
  });
  expect(attacked.patch).toBeUndefined();

  const broken: FixProposers = { propose: () => Promise.reject(new Error('no network')), conclude: () => Promise.reject(new Error('x')) };
  const { search } = await generateFix(asked(rig, broken), diagnosis);
  expect(search).toMatchObject({ found: false, why: expect.stringMatching(/could not be tried: no network$/) });
});
