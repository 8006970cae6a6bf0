import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newHandler } from './new-handler.ts';
import { type TempTree, tempTree } from './testing/temp-tree.ts';

const REPOSITORY = resolve(import.meta.dirname, '..');
const VITEST_CONFIG = "export default { test: { include: ['handlers/**/*.test.ts'] } };\n";

function inRepository(tree: TempTree, command: string, ...args: string[]) {
  if (!existsSync(tree.path('node_modules'))) symlinkSync(join(REPOSITORY, 'node_modules'), tree.path('node_modules'));
  return spawnSync(process.execPath, [join(REPOSITORY, 'node_modules', command), ...args], { cwd: tree.root, encoding: 'utf8' });
}

describe.each([
  ['anomaly.detect', 'detectErrorPatterns', 'ZodError'],
  ['telemetry.parse', 'loadLogFiles', 'ZodError'],
])('a new handler %s %s', (sequence, handler, failure) => {
  it('comes with an example and a test that fails until both are written', () => {
    using tree = tempTree({ 'vitest.config.mjs': VITEST_CONFIG });
    const written = newHandler(tree.root, sequence, handler);
    expect(written).toEqual([
      `handlers/${sequence}/${handler}.ts`,
      `handlers/${sequence}/${handler}.test.ts`,
      `fixtures/${sequence}/${handler}.example.json`,
    ]);
    const run = inRepository(tree, 'vitest/vitest.mjs', 'run', '--root', tree.root);
    expect(run).toMatchObject({ status: 1, stdout: expect.stringContaining('1 failed'), stderr: expect.stringContaining(failure) });
  });

  it('is text that biome takes as it is', () => {
    using tree = tempTree({ 'biome.json': JSON.stringify({ ...biomeStyle(), root: true }) });
    newHandler(tree.root, sequence, handler);
    expect(inRepository(tree, '@biomejs/biome/bin/biome', 'check', tree.path('handlers'))).toMatchObject({ status: 0 });
  });

  it('does not overwrite what is there', () => {
    using tree = tempTree({ [`handlers/${sequence}/${handler}.test.ts`]: 'mine' });
    expect(() => newHandler(tree.root, sequence, handler)).toThrow(`${handler}.test.ts exists already`);
    expect(tree.read(`handlers/${sequence}/${handler}.test.ts`)).toBe('mine');
    expect(existsSync(tree.path(`handlers/${sequence}/${handler}.ts`))).toBe(false);
  });
});

it.each([
  [[], /no sequence ""; there are telemetry\.parse, /],
  [['telemetry'], /no sequence "telemetry"/],
  [['constructor', 'x'], /no sequence "constructor"/],
  [
    ['telemetry.parse', 'loadFiles'],
    /telemetry-parse\.ts has no contract for "loadFiles", which comes first; it has parseTelemetryRequested, /,
  ],
  [['telemetry.parse'], /no contract for ""/],
])('says as a command what is known when called with %j', (args, message) => {
  const run = spawnSync(process.execPath, [resolve(import.meta.dirname, 'new-handler.ts'), ...args], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(message) });
});

function biomeStyle(): object {
  return {
    formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 140 },
    javascript: { formatter: { quoteStyle: 'single', semicolons: 'always' } },
  };
}
