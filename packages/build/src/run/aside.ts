import { setImmediate as nextTurn } from 'node:timers/promises';

interface Work {
  /** What is lost where it fails, for people. */
  readonly what: string;
  readonly work: () => Promise<void>;
}

/**
 * Work that no task waits for, such as keeping copies of outputs: a piece at a time, each after all that has happened meanwhile was seen
 * to, so that no free slot waits for it. A failure costs no more than that piece.
 */
export class Aside {
  readonly #waiting: Work[] = [];
  readonly #faults: string[] = [];
  #under: Promise<void> | undefined;

  add(what: string, work: () => Promise<void>): void {
    this.#waiting.push({ what, work });
    this.#under ??= this.#doAll();
  }

  /** Waits for all of it. Gives what went wrong, for people. */
  async done(): Promise<readonly string[]> {
    await this.#under;
    return this.#faults;
  }

  async #doAll(): Promise<void> {
    for (;;) {
      await nextTurn();
      const next = this.#waiting.shift();
      if (next === undefined) break;
      try {
        await next.work();
      } catch (error) {
        this.#faults.push(`${next.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.#under = undefined;
  }
}
