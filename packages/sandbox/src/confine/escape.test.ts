import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CopyFolder } from '../checkout/copy-folder.ts';
import { escapeProbes, openProbeCopy, openProbedHost, tryEscape } from '../testing/probes/index.ts';
import { type ConfinementTool, findConfinement } from './tool.ts';

let parent: string;
let copy: CopyFolder;
let host: Awaited<ReturnType<typeof openProbedHost>>;
let bubblewrap: ConfinementTool;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'selfheal-escape-'));
  copy = await openProbeCopy(parent);
  host = await openProbedHost();
  bubblewrap = await findConfinement(copy.etc, false);
});

afterAll(async () => {
  const groups = await readdir('/sys/fs/cgroup/pids').catch(() => []);
  expect(groups.filter((name) => name.startsWith(`selfheal-${process.pid}-`))).toEqual([]);
  await host[Symbol.asyncDispose]();
  await rm(parent, { recursive: true, force: true });
});

const all = Object.values(escapeProbes).flat();

test('there are at least forty probes, each of its own name', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(40);
});

test('the probes get through where nothing confines them', async () => {
  const missed: string[] = [];
  for (const probe of all.filter(({ harmless }) => harmless === true)) {
    if ((await tryEscape(probe, host, copy, { kind: 'none' })).contained) missed.push(probe.name);
  }
  expect(missed).toEqual([]);
});

describe.each(['bubblewrap', 'namespaces'] as const)('%s contains a program that', (kind) => {
  const tool = (): ConfinementTool => (kind === 'bubblewrap' ? bubblewrap : { kind });
  const { resources = [], ...others } = escapeProbes;

  // Those that use the machine up would disturb each other.
  test.each(resources)('$name', async (probe) => {
    const verdict = await tryEscape(probe, host, copy, tool());
    expect(verdict.contained, verdict.detail).toBe(true);
  });

  test.concurrent.each(Object.values(others).flat())('$name', async (probe) => {
    const verdict = await tryEscape(probe, host, copy, tool());
    expect(verdict.contained, verdict.detail).toBe(true);
  });
});
