/** Lets one holder in at a time, first come first served. */
export class Mutex {
  #held = false;
  readonly #waiting: Waiter[] = [];

  /** Resolves with the release function once the mutex is ours; with undefined where `timeoutMs` passed before. */
  async acquire(timeoutMs: number): Promise<Release | undefined> {
    if (!this.#held) {
      this.#held = true;
      return this.#releaseOnce();
    }
    const granted = await this.#wait(timeoutMs);
    return granted ? this.#releaseOnce() : undefined;
  }

  #wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(false);
      }, timeoutMs);
      const waiter: Waiter = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiting.push(waiter);
    });
  }

  #releaseOnce(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#held = false;
      else next();
    };
  }
}

export type Release = () => void;

type Waiter = () => void;
