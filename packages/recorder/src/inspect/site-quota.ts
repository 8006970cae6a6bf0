const WINDOW_MS = 60_000;
const MAX_SITES = 1_000;

/** How often one place is recorded: an error that comes again and again says nothing new, and a pause without a look is far cheaper. */
export class SiteQuota {
  readonly #each: number;
  readonly #seen = new Map<string, number>();
  #since: number;

  constructor(each: number, now: number) {
    this.#each = each;
    this.#since = now;
  }

  /** Whether one more of the site may be recorded within this minute. */
  admit(site: string, now: number): boolean {
    if (now - this.#since >= WINDOW_MS || this.#seen.size >= MAX_SITES) {
      this.#seen.clear();
      this.#since = now;
    }
    const count = (this.#seen.get(site) ?? 0) + 1;
    this.#seen.set(site, count);
    return count <= this.#each;
  }
}
