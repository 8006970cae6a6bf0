import type { Terminal } from '../terminal.ts';

const CLEAR_BELOW = '\u001B[0J';
const up = (lines: number) => (lines === 0 ? '\r' : `\u001B[${lines}A\r`);

/** Lines at the end of a terminal that are drawn over each time, below what is printed for good. */
export class LiveLines {
  readonly #stream: Terminal['stderr'];
  #drawn = 0;

  constructor(stream: Terminal['stderr']) {
    this.#stream = stream;
  }

  /** No line may be longer than the terminal is wide. */
  draw(lines: readonly string[]): void {
    this.#stream.write(`${up(this.#drawn)}${CLEAR_BELOW}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawn = lines.length;
  }

  /** Prints above the live lines, which are drawn again by the next `draw`. */
  print(text: string): void {
    this.#stream.write(`${up(this.#drawn)}${CLEAR_BELOW}${text}`);
    this.#drawn = 0;
  }
}
