import type { ParseFault } from './parse-faults.ts';

/** A text that does not parse, on the way to one that does. */
export interface Draft {
  readonly text: string;
  readonly faults: readonly ParseFault[];
  readonly cost: number;
}

/** Another text, and how unlikely it is that it was meant; 1 is a token put in where the parser stumbled. */
export type Variant = readonly [text: string, cost: number];

/** One kind of edit that makes a file parse. Whether it does is not its concern: each text is parsed. */
export interface Recovery {
  readonly name: string;
  readonly source: string;
  propose(draft: Draft): Iterable<Variant>;
}

/** The text with the characters [start, end) replaced. */
export function spliced(text: string, start: number, end: number, put: string): string {
  return text.slice(0, start) + put + text.slice(end);
}

export function firstFault({ faults }: Draft): number {
  return Math.min(...faults.map(({ start }) => start));
}

/** Start and end of the line that holds an offset, without its newline. */
export function lineAround(text: string, at: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end < 0 ? text.length : end };
}
