import type { Delivered } from './deliver.ts';

const MAX_WAITING_CHARACTERS = 2_000_000;
const MAX_BATCH_CHARACTERS = 500_000;
const LINGER_MS = 500;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Sends records in batches. Holds so many while the receiver is away, then drops the oldest and counts them. */
export class Outbox {
  readonly #send: (records: readonly string[], dropped: number) => Promise<Delivered>;
  readonly #waiting: string[] = [];
  #characters = 0;
  #dropped = 0;
  #restMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<boolean> | undefined;

  constructor(send: (records: readonly string[], dropped: number) => Promise<Delivered>) {
    this.#send = send;
  }

  add(record: string): void {
    if (record.length > MAX_BATCH_CHARACTERS) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(record);
    this.#characters += record.length;
    while (this.#characters > MAX_WAITING_CHARACTERS) this.#drop();
    this.#schedule();
  }

  /** Sends all that waits, each batch once. */
  async flush(): Promise<void> {
    await this.#sending;
    while (this.#waiting.length > 0 && (await this.#sendBatch()));
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#sending !== undefined || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#sendBatch();
      void this.#sending.then(() => {
        this.#sending = undefined;
        this.#schedule();
      });
    }, this.#restMs || LINGER_MS);
  }

  /** Whether it arrived, or never will. */
  async #sendBatch(): Promise<boolean> {
    const batch = this.#takeBatch();
    const dropped = this.#dropped;
    const outcome = await this.#send(batch, dropped);
    if (outcome === 'later') {
      this.#waiting.unshift(...batch);
      this.#characters += batch.reduce((sum, record) => sum + record.length, 0);
      while (this.#characters > MAX_WAITING_CHARACTERS) this.#drop();
      this.#restMs = Math.min(LONGEST_REST_MS, Math.max(FIRST_REST_MS, this.#restMs * 2));
      return false;
    }
    this.#restMs = 0;
    this.#dropped += outcome === 'refused' ? batch.length : -dropped;
    return true;
  }

  #takeBatch(): string[] {
    let characters = 0;
    let count = 0;
    for (const record of this.#waiting) {
      if (count > 0 && characters + record.length > MAX_BATCH_CHARACTERS) break;
      characters += record.length;
      count += 1;
    }
    this.#characters -= characters;
    return this.#waiting.splice(0, count);
  }

  #drop(): void {
    this.#characters -= this.#waiting.shift()?.length ?? 0;
    this.#dropped += 1;
  }
}
