import type { TextChange } from '@selfheal/contracts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';
import { applyChanges, type CompileCheck, countByKey } from './compile-check.ts';
import type { CompileError } from './compile-error.ts';
import { typeFixes } from './fixes/index.ts';
import { nodeAt, type TypeEdit, type TypeFix } from './type-fix.ts';

export interface TypeRepairRequest {
  readonly check: CompileCheck;
  /** Files that may be edited, relative to the root of the check. */
  readonly editable: (file: string) => boolean;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TypeRepairs {
  /** Each makes the project compile; best first. */
  readonly candidates: readonly RepairCandidate[];
  readonly checked: number;
  /** Errors that no edit took away; no candidates then. */
  readonly left: readonly CompileError[];
}

/** An edit that takes errors away and brings none. */
interface Remedy {
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly changes: readonly TextChange[];
  readonly naturalness: number;
  /** Keys of the errors that it takes away. */
  readonly removes: ReadonlySet<string>;
  /** No error is left with it alone. */
  readonly isWhole: boolean;
}

const MOST_ROUNDS = 4;
const MOST_PLACES = 24;
const MOST_CHECKED = 140;
const MOST_REMEDIES = 24;
const MOST_VARIATIONS = 32;
/** Edits less natural than this share of the most natural one that holds are not checked any more. */
const LEAST_SHARE = 0.35;
/** What takes away several errors at once is likelier their cause. */
const EACH_MORE = 0.25;

/**
 * Mends what does not compile: for each error the edits that answer it are checked, the likeliest first; those that take errors away and
 * bring none are put together so that no error is left, with other choices as other candidates. Errors that only show then are answered in
 * a further round. Greedy over errors, as they are mostly independent (Peng et al., TypeFix, ICSE 2024; Berabi et al., TFix, ICML 2021).
 */
export function repairTypes(request: TypeRepairRequest): TypeRepairs {
  const { check } = request;
  const until = performance.now() + request.budgetMs;
  const over = (): boolean => performance.now() > until || request.signal?.aborted === true;
  let texts: ReadonlyMap<string, string> = new Map();
  let errors = check.base;
  let done: Remedy[] = [];
  let checked = 0;
  for (let round = 0; round < MOST_ROUNDS && errors.length > 0 && !over(); round += 1) {
    const found = remediesFor(errors, texts, request, over);
    checked += found.checked;
    const chosen = cover(errors, found.remedies);
    if (chosen.length === 0) break;
    if (round === 0) {
      const variations = variationsOf(chosen, found.remedies, errors);
      const whole = variations.filter((remedies) => isWhole(remedies) || (!over() && errorsWith(check, texts, remedies).length === 0));
      checked += variations.length;
      if (whole.length > 0) return { candidates: sorted(whole.map((remedies) => asCandidate(remedies))), checked, left: [] };
    }
    texts = withRemedies(check, texts, chosen);
    check.replace(texts);
    done = [...done, ...chosen];
    errors = check.errors();
  }
  check.replace(new Map());
  if (errors.length > 0 || done.length === 0) return { candidates: [], checked, left: errors };
  return { candidates: [inRounds(check, texts, done)], checked, left: [] };
}

function remediesFor(
  errors: readonly CompileError[],
  texts: ReadonlyMap<string, string>,
  request: TypeRepairRequest,
  over: () => boolean,
): { remedies: Remedy[]; checked: number } {
  const remedies = new Map<string, Remedy>();
  let checked = 0;
  const places = new Map(errors.map((error) => [error.key, error]));
  for (const error of [...places.values()].slice(0, MOST_PLACES)) {
    let own = 0;
    let best = 0;
    for (const { fix, edit } of proposals(error, texts, request).slice(0, MOST_CHECKED)) {
      const naturalness = fix.prior * edit.naturalness;
      if (over() || own >= MOST_REMEDIES || naturalness < LEAST_SHARE * best) break;
      const id = JSON.stringify(edit.changes);
      if (remedies.has(id)) continue;
      checked += 1;
      const { removes, left } = effectOf(request.check, texts, edit.changes, errors);
      if (!removes.has(error.key)) continue;
      own += 1;
      best = Math.max(best, naturalness);
      remedies.set(id, {
        operator: fix.name,
        file: error.file,
        line: error.line,
        changes: edit.changes,
        naturalness,
        removes,
        isWhole: left === 0,
      });
    }
  }
  return { remedies: [...remedies.values()], checked };
}

/** Edits that answer an error, the likeliest first, each text once. */
function proposals(
  error: CompileError,
  texts: ReadonlyMap<string, string>,
  { check, editable }: TypeRepairRequest,
): { fix: TypeFix; edit: TypeEdit }[] {
  check.replace(texts);
  const { program } = check;
  const file = program.getSourceFile(`${check.root}/${error.file}`);
  if (file === undefined) return [];
  const site = { error, node: nodeAt(file, error.start, error.end), file, checker: program.getTypeChecker(), check };
  const all = typeFixes
    .filter(({ codes }) => codes === undefined || codes.has(error.code))
    .flatMap((fix) => [...fix.propose(site)].map((edit) => ({ fix, edit })))
    .filter(({ edit }) => edit.changes.length > 0 && edit.changes.every((change) => editable(change.file)))
    .sort((a, b) => b.fix.prior * b.edit.naturalness - a.fix.prior * a.edit.naturalness);
  return [...new Map(all.toReversed().map((one) => [JSON.stringify(one.edit.changes), one])).values()].reverse();
}

/** Keys of the errors that an edit takes away, none where it brings one; and how many are left then. */
function effectOf(
  check: CompileCheck,
  texts: ReadonlyMap<string, string>,
  changes: readonly TextChange[],
  errors: readonly CompileError[],
): { removes: ReadonlySet<string>; left: number } {
  const nothing = { removes: new Set<string>(), left: errors.length };
  const changed = changedTexts(check, texts, changes);
  if (changed === undefined) return nothing;
  check.replace(changed);
  const first = [...new Set([...changes.map(({ file }) => file), ...errors.map(({ file }) => file)])];
  const before = countByKey(errors);
  const left = check.errors(first, errors.length);
  const after = countByKey(left);
  for (const [key, count] of after) if (count > (before.get(key) ?? 0)) return nothing;
  const removes = new Set([...before].filter(([key, count]) => (after.get(key) ?? 0) < count).map(([key]) => key));
  return { removes, left: left.length };
}

/** Remedies that together answer as many errors as they can; the likeliest first, and none that touches what another changes. */
function cover(errors: readonly CompileError[], remedies: readonly Remedy[]): Remedy[] {
  const left = new Set(errors.map(({ key }) => key));
  const chosen: Remedy[] = [];
  for (;;) {
    const next = remedies
      .map((remedy) => ({ remedy, worth: worth(remedy, left) }))
      .filter(({ remedy, worth: value }) => value > 0 && chosen.every((other) => !touch(other, remedy)))
      .sort((a, b) => b.worth - a.worth)[0]?.remedy;
    if (next === undefined) return chosen;
    chosen.push(next);
    for (const key of next.removes) left.delete(key);
  }
}

function worth({ removes, naturalness }: Remedy, left: ReadonlySet<string>): number {
  const counted = [...removes].filter((key) => left.has(key)).length;
  return counted === 0 ? 0 : naturalness * (1 + EACH_MORE * (counted - 1));
}

/** The choice itself, and each with one remedy replaced by another that answers the same errors. */
function variationsOf(chosen: readonly Remedy[], remedies: readonly Remedy[], errors: readonly CompileError[]): Remedy[][] {
  const found: Remedy[][] = [[...chosen]];
  const all = new Set(errors.map(({ key }) => key));
  for (const other of [...remedies].sort((a, b) => worth(b, all) - worth(a, all))) {
    if (chosen.includes(other)) continue;
    const kept = chosen.filter((one) => !touch(one, other) && [...one.removes].some((key) => !other.removes.has(key)));
    found.push([...kept, other]);
    if (found.length >= MOST_VARIATIONS) break;
  }
  return found;
}

function touch(a: Remedy, b: Remedy): boolean {
  return a.changes.some((one) => b.changes.some((other) => one.file === other.file && one.start <= other.end && other.start <= one.end));
}

function isWhole(remedies: readonly Remedy[]): boolean {
  return remedies.length === 1 && remedies.every((remedy) => remedy.isWhole);
}

function errorsWith(check: CompileCheck, texts: ReadonlyMap<string, string>, remedies: readonly Remedy[]): readonly CompileError[] {
  check.replace(withRemedies(check, texts, remedies));
  const errors = check.errors();
  check.replace(new Map());
  return errors;
}

function withRemedies(check: CompileCheck, texts: ReadonlyMap<string, string>, remedies: readonly Remedy[]): ReadonlyMap<string, string> {
  return (
    changedTexts(
      check,
      texts,
      remedies.flatMap(({ changes }) => changes),
    ) ?? texts
  );
}

function changedTexts(
  check: CompileCheck,
  texts: ReadonlyMap<string, string>,
  changes: readonly TextChange[],
): ReadonlyMap<string, string> | undefined {
  check.replace(texts);
  const changed = new Map(texts);
  for (const file of new Set(changes.map((change) => change.file))) {
    const text = check.text(file);
    if (text === undefined) return undefined;
    changed.set(
      file,
      applyChanges(
        text,
        changes.filter((change) => change.file === file),
      ),
    );
  }
  return changed;
}

function asCandidate(remedies: readonly Remedy[]): RepairCandidate {
  const changes = remedies.flatMap((remedy) => remedy.changes);
  return candidate(remedies, changes);
}

/** Of several rounds the places of the later ones are those of changed texts: each file is one change. */
function inRounds(check: CompileCheck, texts: ReadonlyMap<string, string>, remedies: readonly Remedy[]): RepairCandidate {
  const changes = [...texts].map(([file, text]): TextChange => {
    const before = check.text(file) ?? '';
    let start = 0;
    while (start < before.length && before[start] === text[start]) start += 1;
    let back = 0;
    while (back < before.length - start && back < text.length - start && before.at(-1 - back) === text.at(-1 - back)) back += 1;
    return { file, start, end: before.length - back, text: text.slice(start, text.length - back) };
  });
  return candidate(remedies, changes);
}

function candidate(remedies: readonly Remedy[], changes: readonly TextChange[]): RepairCandidate {
  const [first] = remedies;
  const id = changes.map(({ file, start, end, text }) => `${file}:${start}-${end}:${text.replace(/\s+/g, ' ')}`).join(';');
  // The least natural of its parts says how natural the whole is: the errors are independent of each other.
  const naturalness = Math.min(...remedies.map((remedy) => remedy.naturalness));
  const product = remedies.reduce((sum, remedy) => sum * remedy.naturalness * (1 + EACH_MORE * (remedy.removes.size - 1)), 1);
  return {
    id,
    operator: [...new Set(remedies.map(({ operator }) => operator))].join(', '),
    file: first?.file ?? '',
    line: first?.line ?? 0,
    changes,
    score: product,
    naturalness,
  };
}

function sorted(candidates: readonly RepairCandidate[]): RepairCandidate[] {
  const once = new Map(candidates.map((one) => [one.id, one]));
  return [...once.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
