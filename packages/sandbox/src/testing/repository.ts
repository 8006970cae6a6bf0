import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SelfhealConfigInput, selfhealConfig } from '@selfheal/contracts';
import { execa } from 'execa';
import { createSandbox } from '../sandbox.ts';

/** A real git repository in a temporary folder, for tests. */
export interface TestRepository extends AsyncDisposable {
  readonly root: string;
  readonly dataDir: string;
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
  /** Makes a symbolic link that is not part of any commit, as a package manager does. */
  link(at: string, target: string): Promise<void>;
  sandbox(config?: SelfhealConfigInput): ReturnType<typeof createSandbox>;
}

/** With `packages`, its node_modules leads to those of this project, as in a workspace around it. */
export async function makeRepository(
  files: Readonly<Record<string, string>>,
  options: { packages?: boolean } = {},
): Promise<TestRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-sandbox-'));
  const root = join(folder, 'repo');
  const dataDir = join(folder, 'data');
  await mkdir(root);
  const git = async (...args: readonly string[]): Promise<string> => (await execa('git', [...args], { cwd: root })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Test');
  await git('config', 'user.email', 'test@localhost');
  if (options.packages) await symlink(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), join(root, 'node_modules'));
  const repository: TestRepository = {
    root,
    dataDir,
    git,
    async link(at, target) {
      await mkdir(dirname(join(root, at)), { recursive: true });
      await symlink(target, join(root, at));
    },
    async commit(changed) {
      for (const [file, text] of Object.entries(changed)) {
        await mkdir(dirname(join(root, file)), { recursive: true });
        await writeFile(join(root, file), text);
      }
      await git('add', '-A');
      await git('commit', '-q', '--no-verify', '-m', 'change');
      return git('rev-parse', 'HEAD');
    },
    sandbox: (config = {}) => createSandbox({ root, dataDir, config: selfhealConfig.parse(config) }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  await repository.commit({ '.gitignore': 'node_modules\n', ...files });
  return repository;
}
