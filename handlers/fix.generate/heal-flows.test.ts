import type { Anomaly } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { flowAnomaly } from './anomalies-for-tests.ts';
import { fixRig, type Generated, generateFix } from './fix-rig.ts';

async function heal(files: Record<string, string>, anomaly: Anomaly): Promise<Generated> {
  await using rig = await fixRig(files);
  return await generateFix(rig, await rig.diagnose(anomaly));
}

function found(generated: Generated): string {
  if (!generated.patch)
    throw new Error(
      `${generated.search.why}; ${JSON.stringify({ trials: generated.search.trials, candidates: generated.candidates.candidates.map((one) => one.title), notes: [...generated.candidates.notes, ...generated.tests.notes], tests: generated.tests.tests.map((one) => one.edits[0]?.replace) }, null, 1).replaceAll('\\n', '\n')}`,
    );
  return generated.patch.diff;
}

const order = { flow: 'placeOrder', deviation: 'order' as const };

describe('steps out of order', () => {
  it('puts calls of injected dependencies in order, with their guards, in CommonJS', async () => {
    const files = {
      'package.json': '{ "name": "orders", "scripts": { "test": "node --test" } }',
      'lib/place-order.js': `'use strict'

async function placeOrder(order, { stock, payments, mails }) {
  const payment = await payments.charge(order.total)
  if (!payment) return null

  // Nothing is sent that is not on the shelf.
  const kept = await stock.reserve(order.items)
  if (!kept) return null
  await mails.confirm(order, payment)
  return { payment, kept }
}

module.exports = { placeOrder }
`,
      'test/other.test.js':
        "const test = require('node:test')\nconst assert = require('assert')\n\ntest('one', () => {\n  assert.strictEqual(1, 1)\n})\n",
    };
    const expected = ['reserve', 'charge', 'confirm'];
    const diff = found(
      await heal(
        files,
        flowAnomaly({
          ...order,
          expected,
          seen: ['charge', 'reserve', 'confirm'],
          steps: ['reserve', 'charge'],
          input: { total: 5, items: ['a'] },
        }),
      ),
    );
    expect(diff).toContain('reserve must run before charge');
    expect(diff).toContain(
      '   if (!kept) return null\n+\n+  const payment = await payments.charge(order.total)\n+  if (!payment) return null\n+\n   await mails',
    );
  });

  it('puts the entries of a table of steps in order, in TypeScript with vitest, seen through a logger of the object', async () => {
    const files = {
      'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "vitest run" }, "devDependencies": { "vitest": "5" } }',
      'src/orders.ts': `export interface Logger {
  info(fields: object, text: string): void;
}
const STEPS = ['validate', 'charge', 'reserve', 'confirm'];

export class Orders {
  readonly #log: Logger;
  constructor(log: Logger) {
    this.#log = log;
  }
  async place(order: { id: string }): Promise<void> {
    for (const step of STEPS) {
      this.#log.info({ step, order: order.id }, 'step done');
    }
  }
}
`,
      'test/one.test.ts': "import { expect, test } from 'vitest';\n\ntest('one', () => {\n  expect(1).toBe(1);\n});\n",
    };
    const expected = ['validate', 'reserve', 'charge', 'confirm'];
    const diff = found(
      await heal(
        files,
        flowAnomaly({
          ...order,
          expected,
          seen: ['validate', 'charge', 'reserve', 'confirm'],
          steps: ['reserve', 'charge'],
          input: { id: 'o1' },
        }),
      ),
    );
    expect(diff).toContain("+const STEPS = ['validate', 'reserve', 'charge', 'confirm'];");
    expect(diff).toContain('new Orders(log).place');
  });

  it('reads the steps from what the process prints where the log is not passed in', async () => {
    const files = {
      'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }',
      'src/log.js':
        "import { writeSync } from 'node:fs';\n\nexport function log(step) {\n  writeSync(1, JSON.stringify({ step }) + '\\n');\n}\n",
      'src/steps.js':
        "import { log } from './log.js';\n\nexport async function reserve() {\n  log('reserve');\n}\n\nexport async function charge() {\n  log('charge');\n}\n",
      'src/place-order.js':
        "import { charge, reserve } from './steps.js';\n\nexport async function placeOrder() {\n  await charge();\n  await reserve();\n}\n",
      'test/one.test.js':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n",
    };
    const diff = found(
      await heal(
        files,
        flowAnomaly({ ...order, expected: ['reserve', 'charge'], seen: ['charge', 'reserve'], steps: ['reserve', 'charge'] }),
      ),
    );
    expect(diff).toContain('   await reserve();\n+  await charge();');
    expect(diff).toContain('spawnSync(process.execPath');
  });

  it('sees what a flow prints through a spy of the runner, which the integrity check lets pass', async () => {
    const say = (step: string) => `  console.log(JSON.stringify({ step: '${step}' }));\n`;
    const files = {
      'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }',
      'src/place-order.js': `export function placeOrder() {\n${say('charge')}${say('reserve')}}\n`,
      'test/one.test.js':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n",
    };
    const healed = await heal(
      files,
      flowAnomaly({ ...order, expected: ['reserve', 'charge'], seen: ['charge', 'reserve'], steps: ['reserve', 'charge'] }),
    );
    expect(found(healed)).toContain("mock.method(console, 'log', say)");
    expect(healed.integrity).toEqual({ valid: true, violations: [] });
  });

  it('sends the logged request to a service whose routes nothing exports', async () => {
    const files = {
      'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }',
      'src/app.js': `import Fastify from 'fastify';

async function place(request) {
  const paid = request.body.total > 0;
  request.log.info({ step: 'charge' });
  request.log.info({ step: 'reserve' });
  return { paid };
}

export function buildApp() {
  const app = Fastify({ logger: true });
  app.post('/orders', place);
  return app;
}
`,
      'test/one.test.js':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n",
    };
    const request = { method: 'POST', path: '/orders', body: { total: 4 } };
    const diff = found(
      await heal(
        files,
        flowAnomaly({ ...order, expected: ['reserve', 'charge'], seen: ['charge', 'reserve'], steps: ['reserve', 'charge'], request }),
      ),
    );
    expect(diff).toContain("service.inject({ method: 'POST', url: '/orders', payload: { total: 4 } })");
    expect(diff).toContain("   request.log.info({ step: 'reserve' });\n+  request.log.info({ step: 'charge' });");
  });
});

const service = (body: string, flow: string[]) => ({
  'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }',
  'flows/place-order.json': JSON.stringify(
    {
      id: 'placeOrder',
      movements: [{ id: 'm', beats: flow.map((handler, index) => ({ beat: index + 1, event: `order.${handler}`, handler })) }],
    },
    null,
    2,
  ),
  'src/place-order.js': `/** Runs each step and logs it. */
async function run(log, name, step) {
  const result = await step();
  log.info({ step: name });
  return result;
}

export async function validate(order) {
  return order.items.length > 0;
}

export async function reserve(order) {
  return order.items;
}

export async function confirm(order) {
  return order.id;
}

export async function placeOrder(order, log) {
${body}}
`,
  'test/one.test.js':
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('one', () => {\n  assert.equal(1, 1);\n});\n",
});
const steps = ['validate', 'reserve', 'confirm'];
const [validate, reserve, confirm] = steps.map((step) => `  await run(log, '${step}', () => ${step}(order));\n`);
const input = { id: 'o1', items: ['tea'] };

describe('other faults of a flow', () => {
  it('adds a step that is called nowhere, as its neighbours are called', async () => {
    const anomaly = flowAnomaly({
      flow: 'placeOrder',
      deviation: 'missing',
      expected: steps,
      seen: ['validate', 'confirm'],
      steps: ['reserve'],
      input,
    });
    const diff = found(await heal(service(`${validate}${confirm}`, steps), anomaly));
    expect(diff).toContain(`+${reserve}`);
    expect(diff).toContain('reserve must run');
  });

  it('takes out a step that runs twice', async () => {
    const anomaly = flowAnomaly({
      flow: 'placeOrder',
      deviation: 'extra',
      expected: steps,
      seen: ['validate', 'reserve', 'reserve', 'confirm'],
      steps: ['reserve'],
      input,
    });
    const diff = found(await heal(service(`${validate}${reserve}${reserve}${confirm}`, steps), anomaly));
    expect(diff).toContain(`-${reserve}`);
    expect(diff).toContain('reserve must run only once');
  });

  it('takes out a pause that nothing declares', async () => {
    const anomaly = flowAnomaly({
      flow: 'placeOrder',
      deviation: 'waiting',
      expected: steps,
      seen: steps,
      steps: ['reserve'],
      waitMs: 400,
      input,
    });
    const body = `${validate}  await new Promise((resolve) => setTimeout(resolve, 400));\n${reserve}${confirm}`;
    const diff = found(await heal(service(body, steps), anomaly));
    expect(diff).toContain('-  await new Promise((resolve) => setTimeout(resolve, 400));');
    expect(diff).toContain('placeOrder must not wait 400 ms');
  });
});
