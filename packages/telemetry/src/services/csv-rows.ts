import type { ByteSource } from '../intake/byte-source.ts';

/** Rows of a CSV file as RFC 4180 writes it (quoted fields may hold commas, quotes and line ends); one chunk in memory at a time. */
export async function* csvRows(source: ByteSource): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  const parser = new CsvParser();
  for await (const chunk of source.read(0)) yield* parser.push(decoder.decode(chunk, { stream: true }));
  yield* parser.end();
}

/**
 * Incremental CSV parser: `push` gives the rows that are complete, `end` the last one. A row over `MAX_ROW` characters is cut there, and ends with
 * the next line: a quote that nothing closes hides no more of the file.
 */
export class CsvParser {
  #row: string[] = [];
  #field = '';
  #size = 0;
  #quoted = false;
  #afterQuote = false;

  *push(chunk: string): Generator<string[]> {
    let index = 0;
    while (index < chunk.length) {
      const stop = this.#quoted ? chunk.indexOf('"', index) : nextSpecial(chunk, index);
      const until = stop < 0 ? chunk.length : stop;
      if (until > index) {
        this.#add(chunk.slice(index, until));
        this.#afterQuote = false;
      }
      if (stop < 0) return;
      const char = chunk[stop];
      index = stop + 1;
      if (char === '"') this.#quote();
      else if (char === ',') this.#endField();
      else if (char === '\n') {
        const row = this.#endRow();
        if (row !== undefined) yield row;
      }
    }
  }

  *end(): Generator<string[]> {
    const row = this.#endRow();
    if (row !== undefined) yield row;
  }

  #add(text: string): void {
    this.#size += text.length;
    if (this.#size <= MAX_ROW) this.#field += text;
    else this.#quoted = false;
  }

  #quote(): void {
    if (this.#quoted) {
      this.#quoted = false;
      this.#afterQuote = true;
    } else {
      if (this.#afterQuote) this.#add('"');
      this.#quoted = true;
      this.#afterQuote = false;
    }
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = '';
    this.#afterQuote = false;
  }

  #endRow(): string[] | undefined {
    if (this.#field.endsWith('\r')) this.#field = this.#field.slice(0, -1);
    const blank = this.#row.length === 0 && this.#field === '';
    this.#endField();
    const row = this.#row;
    this.#row = [];
    this.#size = 0;
    this.#quoted = false;
    return blank ? undefined : row;
  }
}

const MAX_ROW = 1_000_000;

function nextSpecial(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 34 || code === 44 || code === 10) return index;
  }
  return -1;
}
