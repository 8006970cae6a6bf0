import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { type RunResult, SelfhealError } from '@selfheal/contracts';

/** An answer of the warm process to one job. */
export type Answer = Readonly<Record<string, unknown>>;

/** Starts the confined command and hands over its streams. */
export type StartTalking = (talk: (input: Writable, output: NodeJS.ReadableStream) => void) => Promise<RunResult>;

/** Requests and answers over the standard streams of one confined process. Jobs are answered in order. */
export class WarmProcess {
  readonly #token = randomBytes(16).toString('hex');
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  #input: Writable | undefined;
  /** Sent once the process is there. */
  readonly #outbox: string[] = [];
  #next = 0;
  #ended: SelfhealError | undefined;
  readonly #stop = new AbortController();
  readonly finished: Promise<void>;

  constructor(setup: object, start: (signal: AbortSignal) => StartTalking) {
    const run = start(this.#stop.signal)((input, output) => {
      this.#input = input;
      // The process may be gone when a job is sent; its end is told by the run itself.
      input.on('error', () => undefined);
      input.write(`${JSON.stringify({ kind: 'setup', token: this.#token, ...setup })}\n`);
      for (const line of this.#outbox.splice(0)) input.write(line);
      createInterface({ input: output }).on('line', (line) => this.#read(line));
    });
    this.finished = run.then(
      ({ stderr }) => this.#end(new SelfhealError('SANDBOX_FAILED', `the warm process ended: ${stderr.trim().slice(-400)}`)),
      (error: unknown) => this.#end(error instanceof SelfhealError ? error : new SelfhealError('SANDBOX_FAILED', String(error))),
    );
  }

  async ask(job: object): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const line = `${JSON.stringify({ kind: 'job', id, ...job })}\n`;
      if (this.#input === undefined) this.#outbox.push(line);
      else this.#input.write(line);
    });
  }

  async close(): Promise<void> {
    this.#input?.end();
    this.#stop.abort();
    await this.finished;
  }

  #read(line: string): void {
    if (!line.startsWith(`${this.#token} `)) return;
    const answer: Answer = JSON.parse(line.slice(this.#token.length + 1));
    const id = answer.id;
    if (typeof id !== 'number') return;
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  #end(error: SelfhealError): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
