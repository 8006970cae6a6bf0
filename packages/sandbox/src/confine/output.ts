const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 192 * 1024;

/** Keeps the beginning and the end of an output of any length; the middle is dropped and its size named. */
export class CappedOutput {
  #head = '';
  #tail = '';
  #dropped = 0;

  append(chunk: string): void {
    const room = HEAD_BYTES - this.#head.length;
    this.#head += chunk.slice(0, Math.max(room, 0));
    this.#tail += chunk.slice(Math.max(room, 0));
    // Cut at twice the size only, so that many small chunks do not copy the tail each time.
    if (this.#tail.length > 2 * TAIL_BYTES) this.#cut();
  }

  toString(): string {
    if (this.#tail.length > TAIL_BYTES) this.#cut();
    const gap = this.#dropped === 0 ? '' : `\n... ${this.#dropped} characters left out ...\n`;
    return this.#head + gap + this.#tail;
  }

  #cut(): void {
    this.#dropped += this.#tail.length - TAIL_BYTES;
    this.#tail = this.#tail.slice(-TAIL_BYTES);
  }
}
