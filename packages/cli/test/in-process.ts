import { PassThrough, Readable } from 'node:stream';
import { createProgram } from '../src/program.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the command threw; the process prints its message and ends with 1. */
  readonly error: unknown;
}

/** Runs a command in this process, on a terminal of its own. For commands that need no engine. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = createProgram({ signal: new AbortController().signal, env, stdin: Readable.from([]), stdout, stderr });
    const error = await program.parseAsync(['node', 'selfheal', ...args]).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { exitCode: error === undefined ? Number(process.exitCode) : 1, stdout: textOf(stdout), stderr: textOf(stderr), error };
  } finally {
    process.exitCode = before;
  }
}

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? '');
}
