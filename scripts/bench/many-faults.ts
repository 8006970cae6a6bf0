import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Parts of a shop that each hold one object that may be missing; the names make modules that differ. */
const THINGS = [
  'account',
  'address',
  'basket',
  'billing',
  'carrier',
  'coupon',
  'customer',
  'delivery',
  'discount',
  'invoice',
  'label',
  'parcel',
  'payment',
  'pickup',
  'profile',
  'receipt',
  'refund',
  'shipment',
  'supplier',
  'voucher',
];

/** A CommonJS repository with `count` modules (at most 20), each with an access that fails on one kind of input, and the log that shows it. */
export async function makeManyFaults(folder: string, count: number): Promise<{ repo: string; log: string }> {
  const repo = join(folder, 'many');
  await mkdir(join(repo, 'src'), { recursive: true });
  await mkdir(join(repo, 'test'), { recursive: true });
  await write(
    repo,
    'package.json',
    `${JSON.stringify({ name: 'many-faults', version: '1.0.0', private: true, scripts: { test: 'node --test' } }, null, 2)}\n`,
  );
  const lines: string[] = [];
  for (const [index, thing] of THINGS.slice(0, count).entries()) {
    await write(repo, `src/${thing}.js`, moduleText(thing));
    await write(repo, `test/${thing}.test.js`, testText(thing));
    for (let occurrence = 0; occurrence < 12; occurrence++) lines.push(errorLine(repo, thing, index, occurrence));
    for (let occurrence = 0; occurrence < 12; occurrence++) lines.push(requestLine(thing, index, occurrence + 50));
  }
  const log = join(folder, 'many.ndjson');
  await writeFile(log, `${lines.join('\n')}\n`);
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: repo });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Describe every part of the shop');
  return { repo, log };
}

function write(repo: string, path: string, text: string): Promise<void> {
  return writeFile(join(repo, path), text);
}

const capital = (thing: string) => thing.charAt(0).toUpperCase() + thing.slice(1);

function moduleText(thing: string): string {
  return `'use strict';

/** The short text for lists, or null where there is none. */
function summarize${capital(thing)}(order) {
  if (!order.${thing}) return null;
  return order.${thing}.name.trim();
}

function describe${capital(thing)}(order) {
  const { ${thing} } = order;
  const place = ${thing}.place.toUpperCase();
  return \`\${place}: \${summarize${capital(thing)}(order)}\`;
}

module.exports = { summarize${capital(thing)}, describe${capital(thing)} };
`;
}

function testText(thing: string): string {
  return `'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { summarize${capital(thing)}, describe${capital(thing)} } = require('../src/${thing}.js');

test('describes the ${thing} of an order', () => {
  assert.strictEqual(describe${capital(thing)}({ ${thing}: { name: ' one ', place: 'oslo' } }), 'OSLO: one');
});

test('has no summary without a ${thing}', () => {
  assert.strictEqual(summarize${capital(thing)}({}), null);
});
`;
}

const START = Date.UTC(2026, 0, 5, 12);

function errorLine(repo: string, thing: string, index: number, occurrence: number): string {
  const name = `describe${capital(thing)}`;
  const message = "Cannot read properties of undefined (reading 'place')";
  const stack = `TypeError: ${message}\n    at ${name} (${repo}/src/${thing}.js:11:${thing.length + 24})\n    at handle (node:internal/http:1:1)`;
  return JSON.stringify({
    level: 50,
    time: START + occurrence * 1_000 + index,
    reqId: `${thing}-${occurrence}`,
    req: { method: 'POST', url: `/${thing}`, body: { id: occurrence } },
    res: { statusCode: 500 },
    responseTime: 3,
    err: { type: 'TypeError', message, stack },
    msg: message,
  });
}

function requestLine(thing: string, index: number, occurrence: number): string {
  return JSON.stringify({
    level: 30,
    time: START + occurrence * 1_000 + index,
    reqId: `${thing}-${occurrence}`,
    req: { method: 'POST', url: `/${thing}` },
    res: { statusCode: 200 },
    responseTime: 3,
    msg: 'request completed',
  });
}
