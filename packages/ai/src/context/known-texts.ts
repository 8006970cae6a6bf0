import type { LineToken } from './tokenise-line.ts';

/**
 * What the program itself can have written: a phrase of a log line counts as constant where the code holds it in a text literal. The
 * rest of a line may come from a stranger. (After AIOpsShield, which puts slots in place of the untrusted fields of telemetry.)
 */
export interface KnownTexts {
  /** Whether the consecutive words stand in one literal of the code. */
  phrase(words: readonly string[]): boolean;
  /** Whether the word is a name in the code. */
  name(word: string): boolean;
  /** Whether it is a file of the code. */
  file(path: string): boolean;
}

/** Phrases are looked up by this many words; shorter runs as a whole. */
export const PHRASE_WORDS = 3;
const SEPARATOR = ' ';
const LITERAL = /"(?:[^"\\\n]|\\.){2,500}"|'(?:[^'\\\n]|\\.){2,500}'|`(?:[^`\\]|\\.){2,2000}`/g;
const WORDS = /[\p{L}\p{M}_$][\p{L}\p{M}\p{N}_$'-]*|\$\{|[^\s\p{L}\p{M}\p{N}_$]/gu;
const NAME = /[A-Za-z_$][\w$]*/g;

/** Looks only for the phrases and names that the lines hold: the code is read once, and nothing of it is kept. */
export function findKnownTexts(lines: readonly (readonly LineToken[])[], files: Readonly<Record<string, string>>): KnownTexts {
  const wantedNames = new Set<string>();
  const wanted = new Set<string>();
  for (const tokens of lines) {
    for (const run of wordRuns(tokens)) {
      for (const word of run) wantedNames.add(word);
      for (const window of windows(run)) wanted.add(window);
    }
  }
  const phrases = new Set<string>();
  const names = new Set<string>();
  if (wantedNames.size > 0) {
    for (const source of Object.values(files)) {
      for (const [name] of source.matchAll(NAME)) if (wantedNames.has(name)) names.add(name);
      for (const [literal] of source.matchAll(LITERAL)) notePhrases(literal, wanted, phrases);
    }
  }
  return { phrase: (words) => phrases.has(key(words)), name: (word) => names.has(word), file: (path) => Object.hasOwn(files, path) };
}

/** Words in a row with nothing but blanks between them. */
export function wordRuns(tokens: readonly LineToken[]): string[][] {
  const runs: string[][] = [];
  let run: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'word') run.push(token.text);
    else if (token.kind !== 'space' && run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

function windows(run: readonly string[]): string[] {
  if (run.length <= PHRASE_WORDS) return [key(run)];
  return run.slice(PHRASE_WORDS - 1).map((_, index) => key(run.slice(index, index + PHRASE_WORDS)));
}

function notePhrases(literal: string, wanted: ReadonlySet<string>, found: Set<string>): void {
  let run: string[] = [];
  for (const [token] of literal.matchAll(WORDS)) {
    if (!/^[\p{L}\p{M}_$]/u.test(token) || token === '${') {
      run = [];
      continue;
    }
    run.push(token);
    for (let length = 2; length <= PHRASE_WORDS && length <= run.length; length += 1) {
      const phrase = key(run.slice(-length));
      if (wanted.has(phrase)) found.add(phrase);
    }
  }
}

const key = (words: readonly string[]) => words.join(SEPARATOR).toLowerCase();
