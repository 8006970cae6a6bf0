/** What is put to sleep: with no debugger enabled the engine runs at full speed. */
export interface Sleeper {
  sleep(): Promise<void>;
  wake(): Promise<void>;
}

const AWAKE_MS = 1_000;
/** Of a busy application's time a tenth is watched, however long what was under way took. */
const ASLEEP_TIMES = 9;
/** How often it is asked whether what is under way has ended. */
const LOOK_MS = 100;

/**
 * Decides when the application can be halted at all. While a debugger is enabled V8 takes a slower way at every await: 5 to 16 % of the
 * processor time of small requests. An application with time to spare answers as many requests either way, and is watched all the time;
 * one that is busy, for a second in ten.
 */
export class Attention {
  readonly #main: Sleeper;
  readonly #isInUse: () => boolean;
  #rest: AbortController | undefined;

  /** `isInUse`: something needs the debugger for a moment longer. */
  constructor(main: Sleeper, isInUse: () => boolean) {
    this.#main = main;
    this.#isInUse = isInUse;
  }

  busy(isBusy: boolean): void {
    if (isBusy === (this.#rest !== undefined)) return;
    this.#rest?.abort();
    this.#rest = isBusy ? new AbortController() : undefined;
    // Where the session is gone there is nothing left to put to sleep.
    if (this.#rest !== undefined) void this.#takeTurns(this.#rest.signal).catch(() => undefined);
  }

  /** Ends the turns; the application is left as it is. */
  close(): void {
    this.busy(false);
  }

  async #takeTurns(signal: AbortSignal): Promise<void> {
    let awakeMs = AWAKE_MS;
    await this.#free(signal);
    while (!signal.aborted) {
      await this.#main.sleep();
      await pause(ASLEEP_TIMES * awakeMs, signal);
      await this.#main.wake();
      const from = performance.now();
      await pause(AWAKE_MS, signal);
      await this.#free(signal);
      awakeMs = performance.now() - from;
    }
  }

  async #free(signal: AbortSignal): Promise<void> {
    while (this.#isInUse() && !signal.aborted) await pause(LOOK_MS, signal);
  }
}

/** Ends early where the application is no longer busy. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end);
  });
}
