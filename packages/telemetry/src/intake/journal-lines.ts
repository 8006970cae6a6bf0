import type { PlacedLine } from '../extract/join-lines.ts';

/** So many of the newest lines may be given back. */
export const MAX_GIVEN_BACK = 502;

/**
 * The lines of a segment on their way to the journal. The newest are held as they are, as the last record may be given back to its
 * source; those before are bytes already: a stretch of lines as objects would be moved about in memory again and again while it grows.
 */
export class JournalLines {
  #newest: PlacedLine[] = [];
  readonly #written: Buffer[] = [];

  constructor(lines: Iterable<PlacedLine> = []) {
    for (const line of lines) this.add(line);
  }

  /** In order; the last ones, or all where they are few. */
  get newest(): readonly PlacedLine[] {
    return this.#newest;
  }

  add(line: PlacedLine): void {
    this.#newest.push(line);
    if (this.#newest.length < MAX_GIVEN_BACK * 2) return;
    this.#written.push(bytesOf(this.#newest.slice(0, -MAX_GIVEN_BACK)));
    this.#newest = this.#newest.slice(-MAX_GIVEN_BACK);
  }

  /** Takes out the last lines, of the newest ones. */
  giveBack(count: number): void {
    this.#newest.length -= count;
  }

  /** As the journal holds them: `<offset>\t<number>\t<text>\n` each. */
  bytes(): Uint8Array[] {
    return [...this.#written, bytesOf(this.#newest)];
  }
}

function bytesOf(lines: readonly PlacedLine[]): Buffer {
  let text = '';
  for (const line of lines) text += `${line.offset}\t${line.line}\t${line.text}\n`;
  return Buffer.from(text);
}
