import type { SyntaxCheck } from '@selfheal/contracts';
import { changedPaths, type Files } from './apply-edits.ts';
import { syntaxFaults, TypeCheck } from './check-types.ts';

/** Checks the files that a patch changed: their syntax, and for TypeScript the type errors that the base did not have. */
export function checkSyntax(before: Files, after: Files): SyntaxCheck {
  const changed = changedPaths(before, after);
  const syntax = changed.flatMap((path) => syntaxFaults(path, after[path] ?? ''));
  const errors = syntax.length > 0 ? syntax : new TypeCheck(before).newFaults(after, changed);
  return { valid: errors.length === 0, errors };
}
