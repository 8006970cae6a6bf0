import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { tempTree } from '../testing/temp-tree.ts';
import { buildRecorder } from './build.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Without Node 24 of this repository first on the path: what a user has. */
const OUTSIDE = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');

it('installs as one light package, and records under the Node that is there', async () => {
  using work = tempTree();
  using user = tempTree({
    'package.json': JSON.stringify({ name: 'shop', private: true }),
    'app.js': "function fail(order) { return order.total.value; }\ntry { fail({ total: null, apiKey: 'k-5f1e9c7ab2d84e60' }); } catch {}\n",
  });
  const stageDir = await buildRecorder(ROOT, work.path('pack'));
  const packed = await execa('npm', ['pack', '--json', '--pack-destination', work.root], { cwd: stageDir });
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(packed.stdout);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/watch.thread.js']));
  expect(files.filter(({ path }) => /(?<!\.d)\.ts$|\.test\./.test(path))).toEqual([]);

  const env = { PATH: OUTSIDE, NODE_OPTIONS: '' };
  await execa('npm', ['install', '--no-audit', '--no-fund', '--offline', work.path(filename)], { cwd: user.root, env });
  const recording = user.path('recording.ndjson');
  const run = await execa('node', ['--import', '@selfheal/recorder', 'app.js'], {
    cwd: user.root,
    env: { ...env, SELFHEAL_RECORDER_FILE: recording },
  });
  expect([run.stdout, run.stderr]).toEqual(['', '']);
  const [request]: { resourceLogs: unknown }[] = readFileSync(recording, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const text = JSON.stringify(request);
  expect(text).toContain("Cannot read properties of null (reading 'value')");
  expect(text).toContain('"stringValue":"shop"');
  expect(text).not.toContain('5f1e9c7ab2d84e60');
});
