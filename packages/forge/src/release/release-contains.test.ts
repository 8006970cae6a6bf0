import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRepository, type Repository } from '../git/repository.ts';
import { RepositoryRig } from '../testing/repository-rig.ts';
import { releaseContains } from './release-contains.ts';

let rig: RepositoryRig;
let repository: Repository;
let fix: string;
beforeAll(async () => {
  rig = await RepositoryRig.create();
  repository = await openRepository(rig.root);
  await rig.git('tag', 'v1.4.0');
  await rig.write('fix.js', 'x');
  fix = await rig.commitAll('Fix');
  await rig.write('later.js', 'x');
  await rig.commitAll('Later');
  await rig.git('tag', '-a', '-m', 'Release', 'v1.5.0');
  await rig.git('tag', 'shop@2.0.0');
  await rig.git('tag', '1.6.0');
});
afterAll(() => rig[Symbol.asyncDispose]());

it.each(['v1.5.0', '1.5.0', 'shop@1.5.0', 'shop@2.0.0', 'v1.6.0', ' 1.6.0 '])('finds the fix in %s', async (release) => {
  expect(await releaseContains(repository, release, fix)).toBe(true);
});

it.each(['v1.4.0', '1.4.0', 'app@1.4.0'])('does not find it in %s', async (release) => {
  expect(await releaseContains(repository, release, fix)).toBe(false);
});

it('takes a sha, its beginning, and versions that end in one', async () => {
  const head = await rig.head();
  const before = await rig.head(`${fix}^`);
  for (const release of [head, head.slice(0, 12), `v1.5.0-3-g${head.slice(0, 9)}`, `1.5.0+${head.slice(0, 7)}`, `shop@${head}`])
    expect(await releaseContains(repository, release, fix), release).toBe(true);
  expect(await releaseContains(repository, before.slice(0, 12), fix)).toBe(false);
  expect(await releaseContains(repository, fix, fix)).toBe(true);
});

it.each(['', '9.9.9', 'main', 'HEAD', '@', 'main@{0}', '--all', 'v1.5.0^{/x}', 'v1.5.0..HEAD', 'deadbeefdead', 'a b', '\u0000'])(
  'knows nothing of %j, which is no name of a release',
  async (release) => {
    expect(await releaseContains(repository, release, fix)).toBeUndefined();
  },
);
