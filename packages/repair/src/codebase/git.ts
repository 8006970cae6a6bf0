import { SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Settings of the watched repository must not run programs of its choice (hooks, monitors, external diffs). */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false', '-c', 'diff.external='];

/** Runs git in `root` and returns what it printed. Fails with GIT_FAILED. */
export async function git(root: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execa('git', [...SAFE, ...args], { ...options(root), stripFinalNewline: false });
    return stdout;
  } catch (cause) {
    throw failed(root, args, cause);
  }
}

/** As `git`, but undefined where git says no: for questions whose answer may be that there is none. */
export async function tryGit(root: string, args: readonly string[]): Promise<string | undefined> {
  const result = await execa('git', [...SAFE, ...args], { ...options(root), reject: false });
  return result.failed ? undefined : result.stdout;
}

/** As `git` with input, for output that is not text. */
export async function gitBytes(root: string, args: readonly string[], input: string): Promise<Uint8Array> {
  try {
    const { stdout } = await execa('git', [...SAFE, ...args], { ...options(root), input, encoding: 'buffer', stripFinalNewline: false });
    return stdout;
  } catch (cause) {
    throw failed(root, args, cause);
  }
}

/** As `git`, line by line, so that output of any size can be read. */
export async function* gitLines(root: string, args: readonly string[]): AsyncGenerator<string> {
  const child = execa('git', [...SAFE, ...args], { ...options(root), buffer: false });
  try {
    yield* child;
  } catch (cause) {
    throw failed(root, args, cause);
  }
}

function options(root: string) {
  return { cwd: root, env: gitEnvironment(), extendEnv: false, maxBuffer: MAX_OUTPUT_BYTES, stdin: 'pipe' } as const;
}

/** GIT_DIR and its kind would point git at another repository, e.g. when selfheal is started by a hook. */
function gitEnvironment(): Record<string, string> {
  const kept: Record<string, string> = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('GIT_') && !name.startsWith('LC_')) kept[name] = value;
  }
  return kept;
}

function failed(root: string, args: readonly string[], cause: unknown): SelfhealError {
  const printed = cause instanceof Error && 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  const said = printed !== '' ? printed : cause instanceof Error ? cause.message : String(cause);
  return new SelfhealError('GIT_FAILED', `git ${args[0]} said: ${said.slice(0, 500)}`, { where: { repository: root }, cause });
}
