import type { FixTemplate } from '@selfheal/contracts';
import { fixTemplates } from '@selfheal/repair';
import { createPatch } from './createPatch.ts';
import { createGenerateCodeFix } from './generateCodeFix.ts';
import { generateDocumentationFix } from './generateDocumentationFix.ts';
import { generateFixCompleted } from './generateFixCompleted.ts';
import { generateFixRequested } from './generateFixRequested.ts';
import { generateTestFix } from './generateTestFix.ts';
import { loadDiagnosis } from './loadDiagnosis.ts';
import { searchCandidates } from './searchCandidates.ts';
import { storePatch } from './storePatch.ts';
import { validateSyntax } from './validateSyntax.ts';

export { createGenerateCodeFix } from './generateCodeFix.ts';

/** The handlers of fix.generate by beat name, with the fix templates of plugins beside the built-in ones. */
export function createFixGenerateHandlers(templates: readonly FixTemplate[] = []) {
  return {
    generateFixRequested,
    loadDiagnosis,
    generateCodeFix: createGenerateCodeFix([...fixTemplates, ...templates]),
    generateTestFix,
    searchCandidates,
    generateDocumentationFix,
    createPatch,
    validateSyntax,
    storePatch,
    generateFixCompleted,
  };
}

export const fixGenerateHandlers = createFixGenerateHandlers();
