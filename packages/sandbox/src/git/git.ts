import { isAbsolute, join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs git on the repository that holds `root` and returns its raw output. The environment is ours alone: no GIT_DIR of a caller's hook,
 * no prompt, no optional locks that would disturb the user's own git, no hooks.
 * Fails with GIT_FAILED.
 */
export async function git(root: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const result = await execa('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args], {
    cwd: root,
    env: { ...plainEnvironment(), ...options.env },
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    maxBuffer: 1 << 30,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  if (result.failed) {
    const said = Buffer.from(result.stderr).toString('utf8').trim();
    throw new SelfhealError('GIT_FAILED', `git ${args.join(' ')}: ${said === '' ? result.shortMessage : said}`, { where: { root } });
  }
  return Buffer.from(result.stdout);
}

export async function gitText(root: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(root, args, options)).toString('utf8').trim();
}

export interface RepositoryPlace {
  /** Absolute path of git's top level. */
  readonly top: string;
  /** Path of `root` below it, with `/` at its end, or empty. */
  readonly prefix: string;
  /** Absolute path of the folder that git keeps its objects in, shared by all its work trees. */
  readonly gitDir: string;
}

export async function repositoryPlace(root: string): Promise<RepositoryPlace> {
  const lines = (await git(root, ['rev-parse', '--show-toplevel', '--git-common-dir', '--show-prefix'])).toString('utf8').split('\n');
  const [top = root, gitDir = '.git', prefix = ''] = lines;
  return { top, prefix, gitDir: isAbsolute(gitDir) ? gitDir : join(root, gitDir) };
}

function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'SystemRoot', 'TMPDIR'];
  const env: Record<string, string> = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
