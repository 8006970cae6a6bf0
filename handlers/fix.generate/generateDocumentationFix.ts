import type { Handler } from '@selfheal/contracts';
import { documentFix } from '@selfheal/repair';

/**
 * fix.generate, movement "assemble": doc comment, changelog entry and incident note of the fix that was found.
 * Reads: diagnosis, candidate, test, sources. Writes: nothing. Failures: PATCH_CONFLICT where the candidate does not fit the sources.
 */
export const generateDocumentationFix: Handler<'generateDocumentationFix'> = (input) => ({ documentation: documentFix(input) });
