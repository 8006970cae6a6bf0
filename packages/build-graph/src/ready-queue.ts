/** A queue that gives the entry of the highest priority first, and among equals the one of the lowest rank: a binary heap. */
export class ReadyQueue {
  readonly #heap: string[] = [];
  readonly #before: (a: string, b: string) => boolean;

  constructor(priority: ReadonlyMap<string, number>, rank: ReadonlyMap<string, number>) {
    this.#before = (a, b) => {
      const difference = (priority.get(a) ?? 0) - (priority.get(b) ?? 0);
      return difference === 0 ? (rank.get(a) ?? 0) < (rank.get(b) ?? 0) : difference > 0;
    };
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The entry that `pop` would give. */
  get first(): string | undefined {
    return this.#heap[0];
  }

  /** Whether `a` goes before `b`. */
  isMoreUrgent(a: string, b: string): boolean {
    return this.#before(a, b);
  }

  /** Leaves out entries. */
  keep(wanted: (id: string) => boolean): void {
    for (const id of this.#heap.splice(0)) if (wanted(id)) this.push(id);
  }

  push(id: string): void {
    const heap = this.#heap;
    let at = heap.push(id) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && this.#isBefore(at, parent); parent = (at - 1) >> 1) {
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): string | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && this.#isBefore(child, best)) best = child;
      if (best === at) return first;
      this.#swap(at, best);
      at = best;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    return one !== undefined && other !== undefined && this.#before(one, other);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
