import type { SyntaxCheck } from '@selfheal/contracts';
import { changedPaths, type Files } from './apply-edits.ts';
import { isTyped, syntaxFaults, TypeCheck } from './check-types.ts';

/**
 * Checks the files that a patch changed: their syntax, and for TypeScript the type errors that the base did not have, in those files for
 * which `typed` holds.
 */
export function checkSyntax(before: Files, after: Files, { typed = () => true }: { typed?: (path: string) => boolean } = {}): SyntaxCheck {
  const changed = changedPaths(before, after);
  const syntax = changed.flatMap((path) => syntaxFaults(path, after[path] ?? ''));
  const checked = changed.filter((path) => typed(path) && isTyped(path));
  const errors = syntax.length > 0 || checked.length === 0 ? syntax : new TypeCheck(before).newFaults(after, checked);
  return { valid: errors.length === 0, errors };
}
