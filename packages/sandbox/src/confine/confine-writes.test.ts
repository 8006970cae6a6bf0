import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { byBubblewrap, byNamespaces } from './confine-writes.ts';

test.each([
  ['bubblewrap', byBubblewrap],
  ['namespaces', byNamespaces],
])('%s lets a command write in its folder alone, by any path', async (_name, confine) => {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-writes-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const [own, other] = [join(root, 'own'), join(root, 'other')];
  for (const folder of [own, other]) await mkdir(folder);
  await writeFile(join(other, 'kept.txt'), 'kept');
  const script = 'cat ../other/kept.txt > read.txt; echo a > ../other/a; echo b > "$0/other/b"; rm -f ../other/kept.txt; exit 5';
  const [file = '', ...args] = [...confine(root, [own]), 'sh', '-c', script, root];
  const { status, stderr } = spawnSync(file, args, { cwd: own, encoding: 'utf8' });
  expect([status, stderr.match(/Read-only file system/g)]).toEqual([5, Array(3).fill('Read-only file system')]);
  expect(await readFile(join(own, 'read.txt'), 'utf8')).toBe('kept');
  expect(execFileSync('ls', [other], { encoding: 'utf8' })).toBe('kept.txt\n');
});
