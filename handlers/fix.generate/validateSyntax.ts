import type { Handler } from '@selfheal/contracts';
import { applyEdits, checkSyntax } from '@selfheal/repair';

/**
 * fix.generate, movement "check": syntax of the changed files, and type errors that the base did not have.
 * Reads: patch and sources. Writes: nothing. Failures: PATCH_CONFLICT where the patch does not fit the sources.
 */
export const validateSyntax: Handler<'validateSyntax'> = ({ patch, sources }) => {
  // Tests send what production sent, which may be just what the types forbid: their syntax counts, not their types.
  const tests = new Set(patch.testFiles);
  const after = applyEdits(sources.files, patch.edits);
  const { errors } = checkSyntax(sources.files, after, { typed: (path) => !tests.has(path) });
  return { syntax: { valid: errors.length === 0, errors } };
};
