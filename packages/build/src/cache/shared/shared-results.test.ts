import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../../workspace-for-tests.ts';
import { KEYS, type S3Server, startS3Server } from './s3-server-for-tests.ts';
import { openS3Store } from './s3-store.ts';
import { SharedResults } from './shared-results.ts';

const PACKAGES = { app: ['lib'], lib: [] };

describe('a shared cache', () => {
  test('gives another machine what one has built, and the same again', async () => {
    const { workspace, server, build } = await rig();
    expect(await build()).toEqual({ app: 'built', lib: 'built' });
    await asOnAnotherMachine(workspace);
    expect(await build()).toEqual({ app: 'cached', lib: 'cached' });
    expect(workspace.logs().get('app#build')).toBe('built app\n');
    // What was taken is kept: the next time nobody is asked.
    await rm(join(workspace.root, 'packages/app/dist'), { recursive: true });
    const asked = server.requests.length;
    expect(await build()).toEqual({ app: 'cached', lib: 'cached' });
    expect(server.requests).toHaveLength(asked);
  });

  test('takes nothing that does not hash to its name, and nothing half', async () => {
    for (const spoil of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]),
    ]) {
      const { workspace, server, build } = await rig();
      await build();
      for (const [name, bytes] of server.objects) server.objects.set(name, spoil(bytes));
      await asOnAnotherMachine(workspace);
      expect(await build()).toEqual({ app: 'built', lib: 'built' });
      expect(workspace.faults()).toEqual([]);
    }
  });

  test('offers no manifest of what it could not put', async () => {
    const { server, build } = await rig();
    server.mood = 'broken';
    expect(await build()).toEqual({ app: 'built', lib: 'built' });
    server.mood = 'well';
    expect([...server.objects.keys()].filter((name) => name.includes('/results/'))).toEqual([]);
  });

  test('never holds up or fails a build, and tells what is wrong without a secret', async () => {
    for (const [mood, env, told] of [
      ['silent', KEYS, /took longer than 50 ms/],
      ['broken', KEYS, /answered with 500/],
      ['well', { ...KEYS, AWS_SECRET_ACCESS_KEY: 'another-secret' }, /answered with 401/],
    ] as const) {
      const { workspace, server, build } = await rig(env);
      server.mood = mood;
      expect(await build()).toEqual({ app: 'built', lib: 'built' });
      const faults = workspace.faults().join('\n');
      expect(faults).toMatch(told);
      for (const secret of Object.values(env)) expect(faults).not.toContain(secret);
    }
  });

  test('says what it needs', async () => {
    const place = { bucket: 'b', prefix: '', timeoutMs: 50 };
    await expect(openS3Store(place, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(openS3Store({ ...place, endpoint: 'nowhere' }, KEYS)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

async function rig(
  env: typeof KEYS = KEYS,
): Promise<{ workspace: TestWorkspace; server: S3Server; build: () => ReturnType<TestWorkspace['build']> }> {
  const server = await startS3Server();
  const workspace = await makeWorkspace(PACKAGES);
  const build = async () => {
    const store = await openS3Store(
      { bucket: 'results', prefix: 'team/ours', endpoint: server.endpoint, timeoutMs: server.mood === 'silent' ? 50 : 5_000 },
      env,
    );
    return workspace.build({ shared: new SharedResults(store, { writes: true }) });
  };
  return { workspace, server, build };
}

/** The same sources, and nothing that was made. */
async function asOnAnotherMachine({ root }: TestWorkspace): Promise<void> {
  await rm(join(root, '../data'), { recursive: true });
  for (const name of Object.keys(PACKAGES)) await rm(join(root, 'packages', name, 'dist'), { recursive: true });
}
