import { expect, onTestFinished, test } from 'vitest';
import { CommandServer } from './command-server.ts';

const run = (command: string, change: { timeoutMs?: number; signal?: AbortSignal } = {}) => ({
  command,
  cwd: '/',
  env: { PATH: '/usr/bin:/bin', WORD: 'told' },
  timeoutMs: 10_000,
  signal: new AbortController().signal,
  ...change,
});

test.each([
  ['this process', Number.POSITIVE_INFINITY],
  ['a small one', 0],
])('runs commands from %s: several at once, with their output, end and time limit', async (_name, largeBytes) => {
  const server = new CommandServer(largeBytes);
  onTestFinished(() => server.close());
  const stop = new AbortController();
  const answers = Promise.all([
    server.run(run('echo $WORD; echo wrong >&2; exit 3')),
    server.run(run('sleep 60', { timeoutMs: 100 })),
    server.run(run('sleep 60', { signal: stop.signal })),
    server.run(run('true', { signal: AbortSignal.abort() })),
  ]);
  setTimeout(() => stop.abort(), 200);
  expect(await answers).toEqual([
    { end: { kind: 'exited', exitCode: 3 }, lines: ['told', 'wrong'] },
    { end: { kind: 'timeout' }, lines: [] },
    { end: { kind: 'cancelled' }, lines: [] },
    { end: { kind: 'cancelled' }, lines: [] },
  ]);
});
