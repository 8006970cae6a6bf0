import type { TextChange } from '@selfheal/contracts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';
import { changedTexts } from './changed-texts.ts';
import { type CompileCheck, countByKey } from './compile-check.ts';
import type { CompileError } from './compile-error.ts';
import { typeFixes } from './fixes/index.ts';
import { cover, type Remedy, variationsOf } from './remedy.ts';
import { asCandidate, inRounds, sorted } from './remedy-candidates.ts';
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

const MOST_ROUNDS = 4;
const MOST_PLACES = 24;
const MOST_CHECKED = 140;
const MOST_REMEDIES = 24;
/** Edits less natural than this share of the most natural one that holds are not checked any more. */
const LEAST_SHARE = 0.35;
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
