import { SelfhealError } from '@selfheal/contracts/errors';
import { execa } from 'execa';
import { runInForkServer } from './fork-server.ts';
import { runGitProcess } from './git-process.ts';
import { gitEnvironment, SAFE_SETTINGS } from './git-settings.ts';

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Above this a start of git from here costs more than a question to the fork server and its own start together. */
const LARGE_PROCESS_BYTES = 150 << 20;

/** Runs git in a folder of the repository and returns what it printed, as text without the line end. Fails with GIT_FAILED. */
export async function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(folder, args, options)).toString('utf8').replace(/\n$/, '');
}

export async function gitBytes(folder: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const answer = await askGit(folder, args, options);
  if (answer.exitCode === 0) return answer.stdout;
  throw gitFailed(folder, args, answer.stderr);
}

/** As `git`, but undefined where git says no: for questions whose answer may be that there is none. */
export async function tryGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string | undefined> {
  const { exitCode, stdout } = await askGit(folder, args, options);
  return exitCode === 0 ? stdout.toString('utf8').replace(/\n$/, '') : undefined;
}

/** As `git`, line by line, so that output of any size can be read. */
export async function* gitLines(folder: string, args: readonly string[]): AsyncGenerator<string> {
  const child = execa('git', [...SAFE_SETTINGS, ...args], {
    cwd: folder,
    env: gitEnvironment(),
    extendEnv: false,
    buffer: false,
    stdin: 'ignore',
  });
  try {
    yield* child;
  } catch (cause) {
    throw gitFailed(folder, args, cause instanceof Error ? cause.message : String(cause));
  }
}

/** For commands whose exit code is an answer. Fails with GIT_FAILED only where git could not run. */
export async function askGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  const run = {
    folder,
    args: [...SAFE_SETTINGS, ...args],
    env: { ...gitEnvironment(), ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  };
  const isLarge = process.memoryUsage.rss() > LARGE_PROCESS_BYTES;
  const outcome = await (isLarge ? runInForkServer(run) : runGitProcess(run));
  const stderr = Buffer.from(outcome.stderr).toString('utf8').trim();
  if (outcome.exitCode === undefined) throw gitFailed(folder, args, stderr === '' ? (outcome.problem ?? '') : stderr);
  return { exitCode: outcome.exitCode, stdout: Buffer.from(outcome.stdout), stderr };
}

export function gitFailed(folder: string, args: readonly string[], said: string): SelfhealError {
  return new SelfhealError('GIT_FAILED', `git ${args[0]} said: ${said.slice(0, 600)}`, { where: { repository: folder } });
}
