import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { heal } from './rig.ts';

const RECORDER = pathToFileURL(join(import.meta.dirname, '../../recorder/src/index.ts')).href;

/** A service that logs nothing: what the recorder tells is all there is. */
const SERVICE: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shipping", "type": "module", "scripts": { "test": "node --test" } }\n',
  'lib/label.js': `/** The line on a parcel: name, town and weight. */
export function labelOf(order, units) {
  const town = order.address.town.toUpperCase();
  const weight = order.items.reduce((sum, item) => sum + item.grams, 0) / units.get(order.unit);
  return \`\${order.name}, \${town} (\${weight} \${order.unit})\`;
}
`,
  'lib/server.js': `import { createServer } from 'node:http';
import { labelOf } from './label.js';

const UNITS = new Map([['g', 1], ['kg', 1000]]);

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

export function createService() {
  return createServer(async (request, response) => {
    try {
      response.end(JSON.stringify({ label: labelOf(await bodyOf(request), UNITS) }));
    } catch {
      response.statusCode = 500;
      response.end();
    }
  });
}
`,
  'main.js': `import { createService } from './lib/server.js';

const server = createService().listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => process.exit());
`,
  'test/label.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOf } from '../lib/label.js';

test('labels a parcel', () => {
  const order = { name: 'Ada', address: { town: 'Bath' }, unit: 'g', items: [{ grams: 200 }] };
  assert.equal(labelOf(order, new Map([['g', 1]])), 'Ada, BATH (200 g)');
});
`,
};

it('heals from what the recorder saw alone, with a test of the very arguments', async () => {
  const root = await makeRepository();
  const recording = join(await mkdtemp(join(tmpdir(), 'selfheal-recording-')), 'recording.ndjson');
  expect(await serve(root, recording)).toEqual([500, 500, 500]);
  const { exitCode, report, stderr } = await heal(root, [recording]);
  expect([exitCode, stderr]).toEqual([0, stderr]);
  expect(report?.incidents).toMatchObject([
    { type: 'error', status: 'merged', diagnosis: { category: 'null-access', file: 'lib/label.js', line: 3, function: 'labelOf' } },
  ]);
  const test = await readFile(join(root, report?.incidents[0]?.patch?.tests[0]?.file ?? ''), 'utf8');
  expect(test).toMatch(/const order = \{ address: null, unit: 'kg', items: \[\{ grams: 200 \}\], name: 'Bob\d' \};/);
  expect(test).toContain("labelOf(order, new Map([['g', 1], ['kg', 1000]]))");
  expect(test).toMatch(/, 'Eve\d+, BATH \(0\.2 kg\)'\);/);
});

async function makeRepository(): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-shipping-')));
  for (const [path, text] of Object.entries(SERVICE)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: root });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Label parcels');
  return root;
}

/** Runs the service with the recorder, sends it orders that fail, then good ones until one was sampled. Returns the failing statuses. */
async function serve(root: string, recording: string): Promise<number[]> {
  const service = execa(process.execPath, ['--import', RECORDER, 'main.js'], { cwd: root, env: { SELFHEAL_RECORDER_FILE: recording } });
  const [port]: unknown[] = await once(createInterface({ input: service.stdout }), 'line');
  const order = { address: { town: 'Bath' }, unit: 'kg', items: [{ grams: 200 }] };
  const send = async (more: object) => {
    const body = JSON.stringify({ ...order, ...more });
    return (await fetch(`http://127.0.0.1:${String(port)}/labels`, { method: 'POST', body })).status;
  };
  const failed: number[] = [];
  for (const name of ['Bob0', 'Bob1', 'Bob2']) failed.push(await send({ name, address: null }));
  const sampled = async () => (await readFile(recording, 'utf8').catch(() => '')).includes('labelOf returned');
  for (let sent = 0; sent < 1_500 && !(await sampled()); sent += 1) {
    await send({ name: `Eve${sent}` });
    await delay(20);
  }
  service.kill('SIGTERM');
  await service;
  return failed;
}
