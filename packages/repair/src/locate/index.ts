export { analyzeBehavior } from './analyze-behavior.ts';
export { analyzeCoverage } from './analyze-coverage.ts';
export { analyzeError } from './analyze-error.ts';
export { analyzePerformance } from './analyze-performance.ts';
export { diagnosedFiles } from './diagnosed-files.ts';
export { findOperation } from './operation-function.ts';
