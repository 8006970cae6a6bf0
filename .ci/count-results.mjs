/**
 * Prints `N passed, N failed` from vitest's JSON report: `node count-results.mjs <report>`. A test file that could not be loaded counts as one
 * failed test. Exits 1 when anything failed, no test passed, or the report is not there. Plain JavaScript for any Node >= 20.
 */
import { readFileSync } from 'node:fs';

const { passed, failed } = countResults(process.argv[2]);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function countResults(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const brokenFiles = testResults.filter((result) => result.status === 'failed' && !result.assertionResults.some(isFailed));
    return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length };
  } catch (error) {
    console.error(`no test report: ${error.message}`);
    return { passed: 0, failed: 0 };
  }
}

function isFailed(assertion) {
  return assertion.status === 'failed';
}
