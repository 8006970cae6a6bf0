/** Of the beginning and of the end of a long log so many characters are kept each. */
const KEPT_CHARACTERS = 512 * 1024;

/** The output of a command, bounded: of a flood its beginning and its end are kept, and how much is missing between. */
export class TaskLog {
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  #headSize = 0;
  #tailSize = 0;
  #dropped = 0;

  add(line: string): void {
    if (this.#headSize < KEPT_CHARACTERS) {
      this.#head.push(line);
      this.#headSize += line.length + 1;
      return;
    }
    this.#tail.push(line);
    this.#tailSize += line.length + 1;
    // By halves, so that a flood costs no shift for each of its lines.
    if (this.#tailSize > 2 * KEPT_CHARACTERS) this.#dropOldest();
  }

  /** What is kept, with a line that tells of what is not. */
  get lines(): readonly string[] {
    const gap = this.#dropped === 0 ? [] : [`... ${this.#dropped} lines left out ...`];
    return [...this.#head, ...gap, ...this.#tail];
  }

  #dropOldest(): void {
    let at = 0;
    while (this.#tailSize > KEPT_CHARACTERS && at < this.#tail.length) {
      this.#tailSize -= (this.#tail[at]?.length ?? 0) + 1;
      at += 1;
    }
    this.#tail.splice(0, at);
    this.#dropped += at;
  }
}
