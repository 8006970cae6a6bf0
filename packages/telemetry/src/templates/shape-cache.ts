/**
 * What is known of a shape, by the hash of it. Bounded: two generations of half the size; what is asked for again moves to the younger,
 * so that a flood of new shapes does not push out those in use.
 */
export class ShapeCache<Value> {
  readonly #half: number;
  #young = new Map<number, Value>();
  #old = new Map<number, Value>();

  constructor(capacity: number) {
    this.#half = Math.ceil(capacity / 2);
  }

  get(key: number): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: number, value: Value): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
