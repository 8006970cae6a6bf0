import { execa } from 'execa';

/** One run of git, as it travels to the fork server: plain data. */
export interface GitProcess {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

export interface GitOutcome {
  /** Absent where git could not be started, or was ended by a signal. */
  readonly exitCode?: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** What stood against the start; in words. */
  readonly problem?: string;
}

/** Runs git to its end; never rejects. Output is held in memory: 1 GB at most. */
export async function runGitProcess({ folder, args, env, input }: GitProcess): Promise<GitOutcome> {
  const { exitCode, stdout, stderr, shortMessage } = await execa('git', args, {
    cwd: folder,
    env,
    extendEnv: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    maxBuffer: 1 << 30,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  const printed = { stdout: stdout ?? new Uint8Array(), stderr: stderr ?? new Uint8Array() };
  return exitCode === undefined ? { ...printed, problem: shortMessage ?? 'git did not start' } : { ...printed, exitCode };
}
