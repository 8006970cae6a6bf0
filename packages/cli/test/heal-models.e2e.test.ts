import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOrdersRepository, ordersLog, startModelServer } from '@selfheal/testkit';
import { expect, it } from 'vitest';
import { run } from './in-process.ts';
import { heal, selfheal } from './rig.ts';

/** Guests get small boxes; an item heavier than a whole box leaves an empty box behind, which a later step refuses. */
const CHANGE = {
  'lib/label.js': `'use strict';

function labelOf(box, index) {
  if (box.length === 0) throw new RangeError('box ' + index + ' is empty');
  return index + ': ' + box.map((item) => item.sku).join(', ');
}

/** Items into as few boxes as their order allows; one label for each box. */
function shippingLabel(order) {
  const capacity = order.customer.contact ? 10 : 5;
  const boxes = [[]];
  let load = 0;
  for (const item of order.items) {
    const weight = item.price * item.quantity;
    if (load + weight > capacity) {
      boxes.push([]);
      load = 0;
    }
    boxes[boxes.length - 1].push(item);
    load += weight;
  }
  return boxes.map(labelOf).join(' / ');
}

module.exports = { labelOf, shippingLabel };
`,
  'test/label.test.js': `'use strict';
const { test } = require('node:test');
const assert = require('node:assert/strict');
const { labelOf, shippingLabel } = require('../lib/label');

const item = (sku, price) => ({ sku, price, quantity: 1 });

test('fills a box before it takes the next', () => {
  assert.equal(shippingLabel({ customer: {}, items: [item('tea', 2), item('milk', 3)] }), '0: tea, milk');
  assert.equal(shippingLabel({ customer: {}, items: [item('tea', 3), item('milk', 3)] }), '0: tea / 1: milk');
});

test('an empty box has no label', () => {
  assert.throws(() => labelOf([], 3), RangeError);
});
`,
};
const CONDITION = 'if (load + weight > capacity) {';
const answer = (file: string, search: string, replace: string) => ({
  decision: 'RETRY',
  reasoning: 'the first box may be empty',
  confidence: 1,
  edits: [{ file, search, replace }],
  expectedOutcome: '',
});

it('heals by a model where nothing deterministic holds; a person sees who proposed what, and decides', { timeout: 240_000 }, async () => {
  const repository = await makeOrdersRepository({ change: CHANGE });
  const answers = [
    answer('test/label.test.js', 'RangeError', 'Error'),
    answer('lib/label.js', CONDITION, 'if (load > 0 && load + weight > capacity) {'),
  ];
  await using server = await startModelServer((_, index) => ({ answer: answers[index] ?? 'I have no more to say.' }));
  const models = [{ api: 'openai', name: 'house', model: 'gpt-5.1', baseUrl: server.openAiUrl }];
  const config = { ai: { models }, policy: { searchBudgetMs: 0, maxCandidates: 1 } };
  await writeFile(join(repository.root, 'selfheal.config.json'), JSON.stringify(config));
  await repository.git('add', '-A');
  await repository.git('commit', '-q', '-m', 'Configure selfheal');
  const logs = join(await mkdtemp(join(tmpdir(), 'selfheal-logs-')), 'app.ndjson');
  await writeFile(logs, ordersLog({ stack: repository.stack, healthy: 60, failing: 12 }));

  const { exitCode, report, stderr } = await heal(repository.root, [logs]);
  const [incident] = report?.incidents ?? [];
  expect([exitCode, stderr, incident?.reason]).toEqual([
    3,
    stderr,
    expect.stringContaining('the model house proposed it; a person decides'),
  ]);
  expect(incident).toMatchObject({
    status: 'waiting_review',
    patch: { proposer: 'models', model: 'house', template: 'model:house' },
    validation: { passed: true },
    proposals: [
      { model: 'house', round: 1, result: 'stopped', files: ['test/label.test.js'] },
      { model: 'house', round: 1, result: 'pending', files: ['lib/label.js'], reasoning: 'the first box may be empty' },
    ],
  });
  const id = incident?.id ?? '';
  const review = await run(['review', id, '--repo', repository.root]);
  expect(review.stdout).toMatch(/proposed by the model house[\s\S]*asked {3}house, round 1: edits test\/label\.test\.js — stopped/);
  const approved = await selfheal(['approve', id, '--repo', repository.root, '--by', 'ann', '--why', 'right']);
  expect([approved.exitCode, approved.stderr]).toEqual([0, approved.stderr]);
  expect(await readFile(join(repository.root, '.selfheal/pull-requests/1.md'), 'utf8')).toContain('Proposed by the model house.');
  expect(await repository.git('log', '-1', '--format=%(trailers:key=Selfheal-Proposer,valueonly)', 'main^2')).toBe('the model house\n');
  const attempts = await run(['attempts', 'list', '--repo', repository.root, '--result', 'healed', '--json', '-']);
  expect(JSON.parse(attempts.stdout)).toMatchObject({
    total: 1,
    attempts: [{ incidentId: id, detail: expect.stringContaining('merged') }],
  });
});
