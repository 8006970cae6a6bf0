import type { TextChange } from '@selfheal/contracts';
import { applyChanges, type CompileCheck } from './compile-check.ts';

/** What the files read with changes on top of given texts. Undefined where a file is not known. Leaves the given texts in the check. */
export function changedTexts(
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
