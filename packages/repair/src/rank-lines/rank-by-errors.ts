import type { LineRank } from './rank-lines.ts';

/** A message of the compiler, with the declarations that it names. */
export interface LineError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly related: readonly { readonly file: string; readonly line: number }[];
}

const RAISED = 1.6;
const RELATED = 0.5;

/**
 * Ranks with what the compiler says: a line that does not compile is likelier at fault than its spectrum alone tells, and where nothing
 * ran it is all that is known. The declarations that a message names come behind.
 */
export function rankByErrors(ranks: readonly LineRank[], errors: readonly LineError[]): LineRank[] {
  const found = new Map(ranks.map((rank) => [`${rank.file}:${rank.line}`, rank]));
  const raise = (file: string, line: number, least: number, why: string): void => {
    const key = `${file}:${line}`;
    const known = found.get(key);
    if (known?.why.includes(why) === true) return;
    const score = Math.min(1, Math.max(least, RAISED * (known?.score ?? 0)));
    found.set(key, { file, line, score, why: known === undefined ? why : `${why}; ${known.why}` });
  };
  for (const [index, { file, line, message, related }] of errors.entries()) {
    const least = 1 / (2 + index / 4);
    raise(file, line, least, `does not compile: ${message}`);
    for (const other of related) raise(other.file, other.line, least * RELATED, `named by a message of the compiler at ${file}:${line}`);
  }
  return [...found.values()].sort((a, b) => b.score - a.score || a.file.localeCompare(b.file) || a.line - b.line);
}
