/**
 * The k values of least hash of a stream: an unbiased sample that merges by taking the k least again ("bottom-k", Cohen and Kaplan, PODC
 * 2007). A binary heap with the greatest hash on top, in typed arrays: every timed event of a log comes through here, and none makes an
 * object. Hashes are of ids, so they differ.
 */
export class LeastHashes {
  readonly #hashes: Float64Array;
  readonly #values: Float64Array;
  #count = 0;

  constructor(k: number) {
    this.#hashes = new Float64Array(k);
    this.#values = new Float64Array(k);
  }

  add(hash: number, value: number): void {
    if (this.#count < this.#hashes.length) {
      this.#count += 1;
      this.#rise(this.#count - 1, hash, value);
    } else if (hash < (this.#hashes[0] ?? 0)) this.#sink(0, hash, value);
  }

  /** [hash, value] in the order of the hashes. Empties the heap. */
  take(): [number, number][] {
    const taken: [number, number][] = new Array(this.#count);
    for (let place = this.#count - 1; place >= 0; place -= 1) {
      taken[place] = [this.#hashes[0] ?? 0, this.#values[0] ?? 0];
      this.#count = place;
      this.#sink(0, this.#hashes[place] ?? 0, this.#values[place] ?? 0);
    }
    return taken;
  }

  /** Puts an entry at a free place at the end, or above it where parents are less. */
  #rise(end: number, hash: number, value: number): void {
    const hashes = this.#hashes;
    let place = end;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = hashes[parent] ?? 0;
      if (above >= hash) break;
      this.#put(place, above, this.#values[parent] ?? 0);
      place = parent;
    }
    this.#put(place, hash, value);
  }

  /** Puts an entry at a free place, or below it where children are greater. */
  #sink(top: number, hash: number, value: number): void {
    const hashes = this.#hashes;
    let place = top;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.#count) break;
      if (child + 1 < this.#count && (hashes[child + 1] ?? 0) > (hashes[child] ?? 0)) child += 1;
      const below = hashes[child] ?? 0;
      if (below <= hash) break;
      this.#put(place, below, this.#values[child] ?? 0);
      place = child;
    }
    this.#put(place, hash, value);
  }

  #put(place: number, hash: number, value: number): void {
    this.#hashes[place] = hash;
    this.#values[place] = value;
  }
}
