import type { BuildEvent } from './build-event.ts';

const MINUTE_MS = 60_000;
/** A build of which nothing begins or ends for so long wants somebody's look. */
export const STUCK_AFTER_MS = 30 * MINUTE_MS;

/** Tells once for each standstill of a build which tasks run meanwhile. */
export class StuckWatch {
  readonly #running = new Set<string>();
  readonly #onStuck: (running: readonly string[]) => void;
  readonly #timer: NodeJS.Timeout;
  #last = Date.now();
  #told = false;

  constructor(onStuck: (running: readonly string[]) => void) {
    this.#onStuck = onStuck;
    this.#timer = setInterval(() => this.#look(), MINUTE_MS).unref();
  }

  take(event: BuildEvent): void {
    if (event.kind === 'line') return;
    if (event.kind === 'started') this.#running.add(event.id);
    else this.#running.delete(event.result.id);
    this.#last = Date.now();
    this.#told = false;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#told || this.#running.size === 0 || Date.now() - this.#last < STUCK_AFTER_MS) return;
    this.#told = true;
    this.#onStuck([...this.#running]);
  }
}
