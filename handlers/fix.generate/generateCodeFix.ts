import type { FixTemplate, Handler } from '@selfheal/contracts';
import { fixTemplates, proposeCandidates } from '@selfheal/repair';

/** The handler over the templates given, those of plugins included. */
export function createGenerateCodeFix(templates: readonly FixTemplate[]): Handler<'generateCodeFix'> {
  return ({ diagnosis, codebase, sources, priors, policy }) => {
    // A coverage gap is closed by a test: no production code changes.
    if (diagnosis.type === 'coverage') return { candidates: [], considered: 0, notes: [] };
    return proposeCandidates({ analysis: diagnosis.analysis, codebase, sources, priors, templates, policy });
  };
}

/**
 * fix.generate, movement "generate": deterministic fixers propose candidates, ranked best first.
 * Reads: diagnosis, sources, learned priors. Writes: nothing. Failures: none; a template that fails is noted.
 */
export const generateCodeFix: Handler<'generateCodeFix'> = createGenerateCodeFix(fixTemplates);
