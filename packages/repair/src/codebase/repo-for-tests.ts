import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A git repository in a temporary folder; removed when disposed. For tests. */
export interface TemporaryRepo extends AsyncDisposable {
  readonly root: string;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  git(...args: string[]): Promise<string>;
  /** Writes the files, adds everything and commits; returns the commit. */
  commit(subject: string, files?: Readonly<Record<string, string | Uint8Array>>): Promise<string>;
}

export async function temporaryRepo(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<TemporaryRepo> {
  const root = await mkdtemp(join(tmpdir(), 'selfheal-repo-'));
  const git = async (...args: string[]) => (await execa('git', args, { cwd: root, env: identity(), extendEnv: true })).stdout;
  const write = async (contents: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  };
  let minutes = 0;
  const commit = async (subject: string, contents: Readonly<Record<string, string | Uint8Array>> = {}) => {
    await write(contents);
    await git('add', '--all');
    const date = new Date(Date.UTC(2026, 0, 1, 0, minutes++)).toISOString();
    await execa('git', ['commit', '--quiet', '--allow-empty', '-m', subject], {
      cwd: root,
      env: { ...identity(), GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      extendEnv: true,
    });
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch=main');
  if (Object.keys(files).length > 0) await commit('Start', files);
  return { root, write, git, commit, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

function identity(): Record<string, string> {
  const name = { GIT_AUTHOR_NAME: 'Ada', GIT_COMMITTER_NAME: 'Ada' };
  return { ...name, GIT_AUTHOR_EMAIL: 'ada@example.test', GIT_COMMITTER_EMAIL: 'ada@example.test', GIT_CONFIG_GLOBAL: '/dev/null' };
}
