/** What a command sees of the terminal and the process; tests give their own. */
export interface Terminal {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** Standard input, read by commands that are told to. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The exit code of the process, once it ends by itself. */
export function exitWith(code: number): void {
  process.exitCode = code;
}
