import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { type RunResult, SelfhealError } from '@selfheal/contracts';

/** An answer of the warm process to one job. */
export type Answer = Readonly<Record<string, unknown>>;

/** Starts the confined command and hands over its streams. */
export type StartTalking = (talk: (input: Writable, output: NodeJS.ReadableStream) => void) => Promise<RunResult>;

interface Waiting {
  readonly line: string;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Ends in a row without an answer in between: then it is the process that does not work, not a job. */
const MOST_ENDS = 6;

/**
 * Requests and answers over the standard streams of one confined process. Jobs are answered in order. A job that takes the process down
 * with it (a candidate that uses up the memory faster than its thread can be stopped) is answered as broken, and a fresh process takes the
 * jobs behind it.
 */
export class WarmProcess {
  readonly #token = randomBytes(16).toString('hex');
  readonly #setup: string;
  readonly #start: (signal: AbortSignal) => StartTalking;
  readonly #waiting = new Map<number, Waiting>();
  #input: Writable | undefined;
  #next = 0;
  #ends = 0;
  #ended: SelfhealError | undefined;
  readonly #stop = new AbortController();
  #life: Promise<void>;

  constructor(setup: object, start: (signal: AbortSignal) => StartTalking) {
    this.#setup = `${JSON.stringify({ kind: 'setup', token: this.#token, ...setup })}\n`;
    this.#start = start;
    this.#life = this.#live();
  }

  async ask(job: object): Promise<Answer> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      const line = `${JSON.stringify({ kind: 'job', id, ...job })}\n`;
      this.#waiting.set(id, { line, resolve, reject });
      // Before the process is there, what waits is sent as soon as it is.
      this.#input?.write(line);
    });
  }

  async close(): Promise<void> {
    this.#input?.end();
    this.#stop.abort();
    await this.#life;
  }

  /** One process after the other, until it is closed or cannot go on. */
  async #live(): Promise<void> {
    while (this.#ended === undefined) {
      const failure = await this.#once();
      this.#input = undefined;
      this.#ends += 1;
      const first = this.#waiting.entries().next().value;
      if (this.#stop.signal.aborted || this.#ends >= MOST_ENDS || first === undefined) this.#end(failure);
      else {
        const [id, job] = first;
        this.#waiting.delete(id);
        job.resolve({ broken: `crashed: ${failure.message}` });
      }
    }
  }

  /** The error that says how it ended. */
  async #once(): Promise<SelfhealError> {
    try {
      const { stderr } = await this.#start(this.#stop.signal)((input, output) => {
        this.#input = input;
        // The process may be gone when a job is sent; its end is told by the run itself.
        input.on('error', () => undefined);
        input.write(this.#setup);
        for (const { line } of this.#waiting.values()) input.write(line);
        createInterface({ input: output }).on('line', (line) => this.#read(line));
      });
      return new SelfhealError('SANDBOX_FAILED', `the warm process ended: ${stderr.trim().slice(-400)}`);
    } catch (error) {
      return error instanceof SelfhealError ? error : new SelfhealError('SANDBOX_FAILED', String(error));
    }
  }

  #read(line: string): void {
    if (!line.startsWith(`${this.#token} `)) return;
    const answer: Answer = JSON.parse(line.slice(this.#token.length + 1));
    const id = answer.id;
    if (typeof id !== 'number') return;
    this.#ends = 0;
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  #end(error: SelfhealError): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
