import type { CommitInfo } from '@selfheal/contracts';
import { git } from '@selfheal/repository';

const COMMITS = 200;
const FILES_PER_COMMIT = 500;
const RECORD = '\x1e';
const FIELD = '\x1f';

/** The newest commits that lead to `commit`, newest first, with the files they touched (relative to `root`) and their tags. */
export async function readHistory(root: string, commit: string): Promise<CommitInfo[]> {
  const format = `${RECORD}%H${FIELD}%ct${FIELD}%an${FIELD}%s${FIELD}%D${FIELD}`;
  const log = await git(root, [
    'log',
    `-${COMMITS}`,
    `--format=${format}`,
    '--decorate=short',
    '--decorate-refs=refs/tags',
    '--name-only',
    '-m',
    '--first-parent',
    '--no-ext-diff',
    '--relative',
    commit,
    '--',
  ]);
  return log
    .split(RECORD)
    .filter((record) => record.trim() !== '')
    .map(readRecord);
}

function readRecord(record: string): CommitInfo {
  const [sha = '', seconds = '0', author = '', subject = '', decorations = '', names = ''] = record.split(FIELD);
  return {
    sha,
    at: Number(seconds) * 1000,
    author,
    subject: subject.slice(0, 300),
    files: names
      .split('\n')
      .filter((name) => name !== '')
      .slice(0, FILES_PER_COMMIT),
    tags: decorations
      .split(', ')
      .filter((tag) => tag !== '')
      .map((tag) => tag.replace(/^tag: /, '')),
  };
}
