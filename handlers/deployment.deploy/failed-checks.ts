import { type CiResult, SelfhealError } from '@selfheal/contracts';

/** How the runners, and most tools, mark a line that names a failure. */
const FAILURE_LINE = /^\s*(?:✖|✗|×|✕|not ok\b|FAIL\b|\d+\) )\s*\S.*/u;
const SHOWN_FAILURES = 5;

/**
 * What failing checks mean for the fix: they fail without it too (a person has to mend the base first, the fix waits), or the fix is what
 * they fail on.
 */
export function failedChecks(ci: CiResult): { status: 'blocked' | 'ci_failed'; reason: string } {
  const ended = `${ci.command} ended with ${ci.exitCode}`;
  if (ci.baseFails !== true) return { status: 'ci_failed', reason: `the checks failed: ${ended}` };
  const failures = ci.output.split('\n').filter((line) => FAILURE_LINE.test(line));
  const named = [...new Set(failures.map((line) => line.trim()))].slice(0, SHOWN_FAILURES);
  const detail = [`without the fix too, ${ended}`, ...named].join('; ');
  return { status: 'blocked', reason: `${new SelfhealError('REPO_TESTS_FAIL', detail).message} [REPO_TESTS_FAIL]` };
}
