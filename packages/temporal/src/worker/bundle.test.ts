import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { workflowBundle } from './bundle.ts';

afterEach(() => void vi.unstubAllEnvs());

it('is built once for all projects, in the cache of the user or where that cannot be written beside the project; old ones go', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const abandoned = join(folder, 'user/workflows/workflows-0123.js');
  await mkdir(dirname(abandoned), { recursive: true });
  await writeFile(abandoned, 'old');
  await utimes(abandoned, 1, 1);

  vi.stubEnv('SELFHEAL_CACHE', join(folder, 'user'));
  const built = await workflowBundle(join(folder, 'project'));
  expect(dirname(built.codePath)).toBe(dirname(abandoned));
  expect(await readFile(built.codePath, 'utf8')).toContain('healIncident');
  await expect(readFile(abandoned)).rejects.toThrow(/ENOENT/);

  await writeFile(built.codePath, 'as it was');
  expect(await workflowBundle(join(folder, 'other-project'))).toEqual(built);
  expect(await readFile(built.codePath, 'utf8')).toBe('as it was');

  const beside = join(folder, 'project', basename(built.codePath));
  await mkdir(dirname(beside));
  await copyFile(built.codePath, beside);
  await writeFile(join(folder, 'no-folder'), '');
  vi.stubEnv('SELFHEAL_CACHE', join(folder, 'no-folder'));
  expect(await workflowBundle(join(folder, 'project'))).toEqual({ ...built, codePath: beside });
});
