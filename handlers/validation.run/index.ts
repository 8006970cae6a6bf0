import { aggregateValidationResults } from './aggregateValidationResults.ts';
import { applyPatch } from './applyPatch.ts';
import { checkCoverage } from './checkCoverage.ts';
import { loadPatch } from './loadPatch.ts';
import { runTests } from './runTests.ts';
import { storeValidationResults } from './storeValidationResults.ts';
import { validateCompleted } from './validateCompleted.ts';
import { validateDocumentation } from './validateDocumentation.ts';
import { validateRequested } from './validateRequested.ts';
import { verifyPerformance } from './verifyPerformance.ts';

/** The handlers of validation.run by name. */
export const validationRunHandlers = {
  validateRequested,
  loadPatch,
  applyPatch,
  runTests,
  checkCoverage,
  verifyPerformance,
  validateDocumentation,
  aggregateValidationResults,
  storeValidationResults,
  validateCompleted,
};
