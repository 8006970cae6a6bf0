import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { Told } from './messages.ts';

const LOOK_MS = 100;
/** Share of the time in which the event loop has work, and in how many looks on end, from which on the application is busy. */
const BUSY = { share: 0.35, looks: 2 };
/** So long it must have had time to spare to be busy no more: load comes in bursts. */
const CALM_LOOKS = 50;
/** Loading the application is work, too; what fails then is to be seen. Milliseconds from the start of the process. */
const START_MS = 10_000;

/** Tells when the application begins to be busy, and when it is no more: a thread that always has work answers fewer requests for all that is done beside. */
export function followLoad(tell: (message: Told) => void): void {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  const load = new Load();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    if (performance.now() > START_MS && load.changes(utilization)) tell({ kind: 'load', busy: load.isBusy });
  }, LOOK_MS).unref();
}

/** Busy at once, calm only after a while. */
export class Load {
  #isBusy = false;
  /** Looks on end that speak for the other state. */
  #looks = 0;

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Whether a further look, at the share of time with work, makes the state another. */
  changes(share: number): boolean {
    this.#looks = share >= BUSY.share === this.#isBusy ? 0 : this.#looks + 1;
    if (this.#looks < (this.#isBusy ? CALM_LOOKS : BUSY.looks)) return false;
    this.#isBusy = !this.#isBusy;
    this.#looks = 0;
    return true;
  }
}
