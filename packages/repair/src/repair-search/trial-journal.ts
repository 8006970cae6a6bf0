import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialOutcome } from './search-repairs.ts';

/** Outcomes of candidates by id, so that a search that was cut off goes on where it was. */
export interface TrialJournal {
  recall(id: string): TrialOutcome | undefined;
  record(id: string, outcome: TrialOutcome): void;
  /** Forgets it: the search came to its end. */
  finish(): void;
}

/** What the outcomes depend on. Anything else makes another journal. */
export interface JournalKey {
  /** The repository's files: a commit or tree of git. */
  readonly state: string;
  /** The test command, and the edits of a test that is not in the repository. */
  readonly tests: readonly string[];
  readonly seed: number;
}

/** Of another version of the engine nothing is taken over: it may judge an outcome otherwise. */
const FORMAT = 1;
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The journal of one search: a file of JSON lines in `folder`, one appended for each candidate, so that nothing but the last line can be
 * torn by a kill; a line that cannot be read is left out. Journals of a week ago are removed.
 */
export function openTrialJournal(folder: string, { state, tests, seed }: JournalKey): TrialJournal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeOld(folder);
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, process.version, state, tests, seed]))
    .digest('hex');
  const file = join(folder, `${key.slice(0, 32)}.jsonl`);
  const known = existsSync(file) ? readOutcomes(readFileSync(file, 'utf8')) : new Map<string, TrialOutcome>();
  // A torn last line must not swallow the next one.
  if (known.size > 0) appendFileSync(file, '\n');
  return {
    recall: (id) => known.get(id),
    record(id, { plausible, fixed, broken }) {
      appendFileSync(file, `${JSON.stringify([id, plausible, fixed, broken])}\n`, { mode: 0o600 });
    },
    finish: () => rmSync(file, { force: true }),
  };
}

function readOutcomes(text: string): Map<string, TrialOutcome> {
  const known = new Map<string, TrialOutcome>();
  for (const line of text.split('\n')) {
    const [id, plausible, fixed, broken] = parseLine(line);
    if (typeof id === 'string' && typeof plausible === 'boolean' && typeof fixed === 'number' && typeof broken === 'number')
      known.set(id, { plausible, fixed, broken });
  }
  return known;
}

function parseLine(line: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // torn by a kill
  }
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name.endsWith('.jsonl') && age > KEPT_MS) rmSync(path, { force: true });
  }
}
