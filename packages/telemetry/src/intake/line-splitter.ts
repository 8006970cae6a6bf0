import type { Encoding } from './encoding.ts';

/** One line of a source. Offsets count bytes of the inflated source. */
export interface SplitLine {
  offset: number;
  /** Offset behind the line and its end mark. */
  end: number;
  /** From 1. */
  line: number;
  /** Undefined where the line is longer than allowed: it was skipped, not kept in memory. */
  text: string | undefined;
  /** Whether its end mark was there. */
  terminated: boolean;
}

export interface SplitOptions {
  encoding: Encoding;
  /** Offset of the first byte that will be pushed. */
  offset: number;
  /** Lines before that offset. */
  line: number;
  maxLineBytes: number;
}

const NOTHING = Buffer.alloc(0);

/** Splits a stream of bytes into lines with memory bounded by `maxLineBytes` plus one chunk. */
export class LineSplitter {
  readonly #options: SplitOptions;
  readonly #unit: 1 | 2;
  /** Bytes of the line under way; empty while skipping a line that is too long. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #skipping = false;
  /** The first byte of a unit of two whose second one is in the next chunk. Empty otherwise. */
  #half: Buffer = NOTHING;
  #start: number;
  #line: number;

  constructor(options: SplitOptions) {
    this.#options = options;
    this.#unit = options.encoding === 'utf8' ? 1 : 2;
    this.#start = options.offset;
    this.#line = options.line;
  }

  /** The lines that end within this chunk. */
  push(pushed: Buffer): SplitLine[] {
    const lines: SplitLine[] = [];
    const chunk = this.#unit === 1 ? pushed : this.#wholeUnits(pushed);
    let from = this.#passHole(chunk);
    for (let end = this.#newline(chunk, from); end >= 0; end = this.#newline(chunk, from)) {
      lines.push(this.#take(chunk, from, end, true));
      from = end + this.#unit;
    }
    this.#hold(chunk.subarray(from));
    return lines;
  }

  /** The line without an end mark that is left, if any. Half a unit of UTF-16 is not part of it: its writer is not done. */
  finish(): SplitLine | undefined {
    return this.#heldBytes === 0 ? undefined : this.#take(NOTHING, 0, 0, false);
  }

  /** The chunk from the unit that the one before broke off to the last whole one, so that no unit, and no newline, lies across two chunks. */
  #wholeUnits(chunk: Buffer): Buffer {
    const all = this.#half.length === 0 ? chunk : Buffer.concat([this.#half, chunk]);
    const even = all.length - (all.length % 2);
    this.#half = Buffer.from(all.subarray(even));
    return all.subarray(0, even);
  }

  /** Zero bytes at the start of a line are the hole that truncation left in front of its writer, however large. */
  #passHole(chunk: Buffer): number {
    if (this.#unit !== 1 || this.#heldBytes > 0) return 0;
    let at = 0;
    while (chunk[at] === 0) at += 1;
    this.#start += at;
    return at;
  }

  #newline(chunk: Buffer, from: number): number {
    if (this.#unit === 1) return chunk.indexOf(10, from);
    const [first, second] = this.#options.encoding === 'utf16le' ? [10, 0] : [0, 10];
    for (let at = from; at < chunk.length; at += 2) if (chunk[at] === first && chunk[at + 1] === second) return at;
    return -1;
  }

  #hold(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#heldBytes += rest.length;
    if (this.#heldBytes > this.#options.maxLineBytes) this.#skipping = true;
    if (this.#skipping) this.#held = [];
    else this.#held.push(Buffer.from(rest));
  }

  /** The line that ends with a part of the chunk. */
  #take(chunk: Buffer, from: number, to: number, terminated: boolean): SplitLine {
    const bytes = this.#heldBytes + to - from;
    const tooLong = this.#skipping || bytes > this.#options.maxLineBytes;
    const text = tooLong ? undefined : this.#text(chunk, from, to);
    const offset = this.#start;
    this.#start += bytes + (terminated ? this.#unit : 0);
    this.#line += 1;
    if (this.#heldBytes > 0) this.#held = [];
    this.#heldBytes = 0;
    this.#skipping = false;
    return { offset, end: this.#start, line: this.#line, text, terminated };
  }

  /** Of a part of the chunk as it lies there, where nothing is held: most lines, and a view of each would cost as much as its text. */
  #text(chunk: Buffer, from: number, to: number): string {
    if (this.#heldBytes === 0) return this.#decode(chunk, from, to);
    const whole = Buffer.concat([...this.#held, chunk.subarray(from, to)]);
    return this.#decode(whole, 0, whole.length);
  }

  #decode(bytes: Buffer, from: number, to: number): string {
    const { encoding } = this.#options;
    if (encoding === 'utf8') {
      const text = withoutReturn(bytes.toString('utf8', from, to));
      return text.charCodeAt(0) === 0 ? text.replace(/^\0+/, '') : text;
    }
    const units = bytes.subarray(from, to);
    return withoutReturn(encoding === 'utf16le' ? units.toString('utf16le') : Buffer.from(units).swap16().toString('utf16le'));
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
