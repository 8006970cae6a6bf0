/**
 * How long the application may stand still for the recorder: a token bucket of milliseconds. Counting time rather than pauses makes a slow
 * machine, a deep stack or an error storm spend it sooner, so the cost stays the same share of the time.
 */
export class PauseBudget {
  readonly #capacity: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  /** `share` of the time, 0..1; `burstMs` at once. */
  constructor(share: number, burstMs: number, now: number) {
    this.#capacity = burstMs;
    this.#perSecond = share * 1_000;
    this.#left = burstMs;
    this.#at = now;
  }

  /** Takes what a pause cost. Returns how many milliseconds of rest are due before the next may be made: 0 while some is left. */
  spend(ms: number, now: number): number {
    this.#left = Math.min(this.#capacity, this.#left + ((now - this.#at) / 1_000) * this.#perSecond) - ms;
    this.#at = now;
    return this.#left > 0 ? 0 : ((this.#capacity / 2 - this.#left) / this.#perSecond) * 1_000;
  }
}
