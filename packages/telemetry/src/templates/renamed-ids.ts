/** Renamings kept: what was stored under older ones is beyond any retention. */
const MAX_RENAMED = 10_000;

/** Which id stands for one that ended: what was counted under either is one series. */
export class RenamedIds {
  /** Oldest first. A chain (a became b, b became c) is followed when asked. */
  readonly #into = new Map<string, string>();

  has(id: string): boolean {
    return this.#into.has(id);
  }

  /** What is known of an id stays: two workers may have found the same two templates to be one, either way around. */
  add(from: string, into: string): void {
    if (this.#into.has(from) || this.find(into) === from) return;
    this.#into.set(from, into);
    const [oldest] = this.#into.keys();
    if (this.#into.size > MAX_RENAMED && oldest !== undefined) this.#into.delete(oldest);
  }

  /** The id that stands for this one now. */
  find(id: string): string {
    let found = id;
    for (let next = this.#into.get(found); next !== undefined; next = this.#into.get(found)) found = next;
    return found;
  }

  /** Each id that ended with the one that stands for it now, oldest first. */
  current(): Record<string, string> {
    return Object.fromEntries([...this.#into.keys()].map((id) => [id, this.find(id)]));
  }
}
