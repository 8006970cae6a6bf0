/** Reporter for mocha (`--reporter`). Tests run in this very process, so each is written as it ends. */
import { describeError, takeReport } from './signed-report.mjs';

class SelfhealMochaReporter {
  constructor(runner) {
    const { reportTest, reportEnd } = takeReport();
    const report = (test, status, error) => reportTest(told(test, status, error));
    runner
      .on('pass', (test) => report(test, 'passed'))
      .on('pending', (test) => report(test, 'skipped'))
      .on('fail', (test, error) => report(test, 'failed', error))
      .on('end', () => reportEnd());
  }
}

// mocha loads it with `require`, which hands out this name of an ECMAScript module.
export { SelfhealMochaReporter as 'module.exports' };

function told(test, status, error) {
  return {
    file: test.file ?? test.parent?.file ?? '',
    path: test.titlePath().filter((title) => title !== ''),
    status,
    ms: test.duration,
    error: error === undefined ? undefined : describeError(error),
  };
}
