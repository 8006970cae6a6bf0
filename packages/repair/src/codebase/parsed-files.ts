import type { ts } from 'ts-morph';
import { collectFunctions, type NamedFunction } from './syntax/collect-functions.ts';
import { type ModuleFacts, readModuleFacts } from './syntax/module-facts.ts';
import { parseSource } from './syntax/parse-source.ts';

/** What is known of one file from its text alone. */
export interface ParsedFile {
  readonly text: string;
  readonly source: ts.SourceFile;
  readonly facts: ModuleFacts;
  readonly functions: readonly NamedFunction[];
}

/** A tree takes some forty times the memory of its text: larger repositories are parsed again each time. */
const MOST_TEXT = 16 * 1024 * 1024;
const KEPT_MS = 60_000;

let kept: ReadonlyMap<string, ParsedFile> = new Map();
let forgetting: NodeJS.Timeout | undefined;

/**
 * Parses files by path. Trees of the last call are kept for a minute, so that of a repository that changes while it is worked on only the
 * changed files are parsed again. The result depends on the texts alone.
 */
export function parseFiles(texts: ReadonlyMap<string, string>): ReadonlyMap<string, ParsedFile> {
  const parsed = new Map<string, ParsedFile>();
  let size = 0;
  for (const [path, text] of texts) {
    const known = kept.get(path);
    parsed.set(path, known?.text === text ? known : parseFile(path, text));
    size += text.length;
  }
  keep(size <= MOST_TEXT ? parsed : new Map());
  return parsed;
}

function parseFile(path: string, text: string): ParsedFile {
  const source = parseSource(path, text);
  const facts = readModuleFacts(source);
  return { text, source, facts, functions: collectFunctions(source, facts) };
}

function keep(files: ReadonlyMap<string, ParsedFile>): void {
  kept = files;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => {
    kept = new Map();
  }, KEPT_MS).unref();
}
