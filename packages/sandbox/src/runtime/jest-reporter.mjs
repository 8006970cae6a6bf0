/** Reporter for jest (`--reporters`). */
import { takeReport } from './signed-report.mjs';

const { reportTest, reportEnd } = takeReport();

export default class SelfhealJestReporter {
  onTestResult(_test, result) {
    const file = result.testFilePath;
    for (const test of result.testResults) {
      const stack = test.failureMessages[0];
      reportTest({
        file,
        path: [...test.ancestorTitles, test.title],
        status: test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
        ms: test.duration ?? undefined,
        error: stack === undefined ? undefined : { message: stack.split('\n    at ', 1)[0], stack },
      });
    }
    const broken = result.testExecError ?? undefined;
    if (broken !== undefined || (result.testResults.length === 0 && result.failureMessage)) {
      const message = broken?.message ?? result.failureMessage ?? 'the file did not run';
      reportTest({ file, path: [], status: 'failed', error: { message, stack: broken?.stack } });
    }
  }

  onRunComplete() {
    reportEnd();
  }
}
