import { makeOrdersRepository } from '@selfheal/testkit';
import { expect, it } from 'vitest';
import { run } from './in-process.ts';

it('marks a release, now or at a time, and says when', async () => {
  const { root } = await makeOrdersRepository();
  const marked = await run(['release', 'v2', '--at', '2026-05-01T12:00:00Z', '--repo', root]);
  expect([marked.exitCode, marked.stdout]).toEqual([0, 'release v2 runs since 2026-05-01T12:00:00.000Z\n']);
  const moved = await run(['release', ' v2 ', '--at', '1777636800000', '--repo', root, '--json', '-']);
  expect(JSON.parse(moved.stdout)).toMatchObject({ name: 'v2', at: 1_777_636_800_000, marked: true });
  const before = Date.now();
  const now = JSON.parse((await run(['release', 'v3', '--repo', root, '--json', '-'])).stdout);
  expect(now.at).toBeGreaterThanOrEqual(before);
});

it('refuses a time that is none, and a name that is empty', async () => {
  const { root } = await makeOrdersRepository();
  expect((await run(['release', 'v2', '--at', 'soon', '--repo', root])).error).toMatchObject({ code: 'INPUT_INVALID' });
  expect((await run(['release', ' ', '--repo', root])).error).toMatchObject({ code: 'INPUT_INVALID' });
});
