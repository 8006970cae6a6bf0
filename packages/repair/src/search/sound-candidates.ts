import { type Candidate, isSelfhealError, type SourceSnapshot } from '@selfheal/contracts';
import { applyEdits, changedPaths } from '../patch/apply-edits.ts';
import { syntaxFaults, TypeCheck } from '../patch/check-types.ts';

/** Candidates whose types are checked at most: beyond it the list is never tried. */
const CHECKED = 64;

/** The first candidates that parse and bring no type error, at most `most`; `notes` says which were left out. */
export function soundCandidates(
  candidates: readonly Candidate[],
  files: SourceSnapshot['files'],
  most: number,
  notes: string[],
): Candidate[] {
  const sound: Candidate[] = [];
  let types: TypeCheck | undefined;
  for (const candidate of candidates.slice(0, CHECKED)) {
    if (sound.length === most) break;
    const after = appliedTo(candidate, files) ?? files;
    const changed = changedPaths(files, after);
    const syntax = changed.flatMap((path) => syntaxFaults(path, after[path] ?? ''));
    if (syntax.length === 0 && changed.some((path) => /\.[cm]?tsx?$/.test(path))) types ??= new TypeCheck(files);
    const [fault] = syntax.length > 0 ? syntax : (types?.newFaults(after, changed) ?? []);
    if (fault) notes.push(`${candidate.template} at ${candidate.location.file}:${candidate.location.line} left out: ${fault.message}`);
    else sound.push(candidate);
  }
  return sound;
}

/** The files after the candidate; undefined where it does not apply. */
export function appliedTo(candidate: Candidate, files: SourceSnapshot['files']): Record<string, string> | undefined {
  const touched = Object.fromEntries(
    candidate.edits.flatMap(({ file }) => (Object.hasOwn(files, file) ? [[file, files[file] ?? '']] : [])),
  );
  try {
    return { ...files, ...applyEdits(touched, candidate.edits) };
  } catch (error) {
    if (isSelfhealError(error) && error.code === 'PATCH_CONFLICT') return undefined;
    throw error;
  }
}
