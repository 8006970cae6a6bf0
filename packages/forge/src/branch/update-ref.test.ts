import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RepositoryRig } from '../testing/repository-rig.ts';
import { updateRef } from './update-ref.ts';

it('puts the lock of a git that was killed away, and leaves that of one at work', { timeout: 30_000 }, async () => {
  await using rig = await RepositoryRig.create();
  const head = await rig.head();
  const lock = join(rig.root, '.git/refs/heads/fix.lock');
  await writeFile(lock, '');
  expect(await updateRef(rig.root, ['refs/heads/fix', head, ''])).toMatchObject({
    exitCode: 128,
    stderr: expect.stringContaining('fix.lock'),
  });
  const before = new Date(Date.now() - 60_000);
  await utimes(lock, before, before);
  expect(await updateRef(rig.root, ['refs/heads/fix', head, ''])).toMatchObject({ exitCode: 0 });
  expect(await rig.git('rev-parse', 'refs/heads/fix')).toBe(head);
});
