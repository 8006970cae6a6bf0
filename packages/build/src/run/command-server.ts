import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BoundedEnd, runBounded } from './run-bounded.ts';
import type { CommandRun } from './run-command.ts';

type Run = Omit<CommandRun, 'onLine'>;
/** What the small process is told. */
export type CommandQuestion =
  | { readonly kind: 'run'; readonly id: number; readonly run: Omit<Run, 'signal'> }
  | { readonly kind: 'stop'; readonly id: number };

const ENTRY = fileURLToPath(new URL(`./command-server.child${extname(import.meta.url)}`, import.meta.url));

/**
 * Above this a command is started by a small process. A fork copies the page tables of the whole process while everything waits: measured on
 * two busy processors 2 ms with 52 MB in use, 14 to 22 ms with 115 MB, 60 ms with 370 MB, which is what a build with its workflow takes.
 */
const LARGE_PROCESS_BYTES = 110 << 20;

/** Runs commands: from here while this process is small, else from one that is. */
export class CommandServer {
  readonly #pending = new Map<number, PromiseWithResolvers<BoundedEnd>>();
  readonly #largeBytes: number;
  #child: ChildProcess | undefined;
  #last = 0;

  constructor(largeBytes = LARGE_PROCESS_BYTES) {
    this.#largeBytes = largeBytes;
  }

  run(run: Run): Promise<BoundedEnd> {
    return process.memoryUsage.rss() > this.#largeBytes ? this.#ask(run) : runBounded(run);
  }

  /** Ends the small process, and with it what it still runs. */
  close(): void {
    if (this.#child?.connected === true) this.#child.disconnect();
    this.#child = undefined;
  }

  async #ask({ signal, ...run }: Run): Promise<BoundedEnd> {
    this.#child ??= this.#start();
    const child = this.#child;
    const id = ++this.#last;
    const answer = Promise.withResolvers<BoundedEnd>();
    this.#pending.set(id, answer);
    const send = (question: CommandQuestion) =>
      child.send(question, (error) => error !== null && this.#settle(id, unstartable(error.message)));
    const stop = (): void => void send({ kind: 'stop', id });
    signal.addEventListener('abort', stop, { once: true });
    send({ kind: 'run', id, run });
    if (signal.aborted) stop();
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #start(): ChildProcess {
    // A group of its own: what ends us by the terminal lets us still end what runs, in order.
    const child = fork(ENTRY, [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const gone = (why: string): void => {
      if (this.#child === child) this.#child = undefined;
      for (const id of [...this.#pending.keys()]) this.#settle(id, unstartable(why));
    };
    child.on('error', (error) => gone(error.message));
    child.on('exit', (code, signal) => gone(`the process that runs commands ended (${signal ?? code})`));
    child.on('message', ({ id, end }: { id: number; end: BoundedEnd }) => this.#settle(id, end));
    return child;
  }

  #settle(id: number, end: BoundedEnd): void {
    this.#pending.get(id)?.resolve(end);
    this.#pending.delete(id);
  }
}

function unstartable(message: string): BoundedEnd {
  return { end: { kind: 'unstartable', message }, lines: [] };
}
