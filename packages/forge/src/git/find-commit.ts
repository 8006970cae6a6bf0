import { tryGit } from '@selfheal/repository';
import { KEY_TRAILER, keyOf, oneLine } from './message.ts';
import type { Repository } from './repository.ts';

/** The commit made for `key` among those of `to` that `from` does not contain. */
export async function findCommitByKey(
  repository: Repository,
  range: { from: string; to: string },
  key: string,
): Promise<string | undefined> {
  const wanted = oneLine(key);
  const commits = await commitsOf(repository, range, `${KEY_TRAILER}: ${wanted}`);
  return commits.find(({ message }) => keyOf(message) === wanted)?.commit;
}

/** The commit of the range that says it reverts `reverted`, as `git revert` words it. */
export async function findRevertOf(
  repository: Repository,
  range: { from: string; to: string },
  reverted: string,
): Promise<string | undefined> {
  return (await commitsOf(repository, range, `This reverts commit ${reverted}`))[0]?.commit;
}

async function commitsOf(
  repository: Repository,
  range: { from: string; to: string },
  containing: string,
): Promise<{ commit: string; message: string }[]> {
  const output = await tryGit(repository.root, [
    'log',
    '-z',
    '--no-show-signature',
    '--fixed-strings',
    `--grep=${containing}`,
    '--format=%H%n%B',
    range.to,
    `^${range.from}`,
    '--',
  ]);
  return (output ?? '')
    .split('\0')
    .filter((record) => record.length > 0)
    .map((record) => {
      const end = record.indexOf('\n');
      return { commit: record.slice(0, end), message: record.slice(end + 1) };
    });
}
