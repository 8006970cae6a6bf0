/** Reporter for ava, by the interface of its own ones: `startRun(plan)` with an emitter of states, `endRun()`. Tests run in workers. */
import { describeError, takeReport } from './signed-report.mjs';

const { reportTest, reportEnd } = takeReport();

export default class SelfhealAvaReporter {
  #withoutTests = new Set();

  startRun(plan) {
    plan.status.on('stateChange', (state) => this.#report(state));
  }

  endRun() {
    reportEnd();
  }

  #report(state) {
    switch (state.type) {
      case 'test-passed':
        return report(state, 'passed');
      case 'test-failed':
      case 'hook-failed':
        return report(state, 'failed');
      case 'selected-test':
        return state.skip || state.todo ? report(state, 'skipped') : undefined;
      case 'missing-ava-import':
        this.#withoutTests.add(state.testFile);
        return reportFile(state, 'no test was declared');
      case 'worker-failed':
        return this.#withoutTests.has(state.testFile) ? undefined : reportFile(state, `ended with exit code ${state.nonZeroExitCode}`);
      case 'timeout':
        return reportPending(state, `no test ended within ${state.period} ms`);
      case 'process-exit':
        return reportPending(state, 'the process was ended by the code under test');
      case 'internal-error':
      case 'uncaught-exception':
      case 'unhandled-rejection':
        return reportFile(state, state.type);
    }
  }
}

function report({ testFile, title, duration, err }, status) {
  reportTest({ file: testFile ?? '', path: [title], status, ms: duration, error: status === 'failed' ? errorOf(err) : undefined });
}

/** A file as a whole. */
function reportFile({ testFile, err }, what) {
  reportTest({
    file: testFile ?? '',
    path: testFile === undefined ? [what] : [],
    status: 'failed',
    error: errorOf(err) ?? { message: what },
  });
}

function reportPending({ pendingTests, testFile }, message) {
  for (const [file, titles] of pendingTests ?? []) {
    for (const title of titles) reportTest({ file, path: [title], status: 'failed', error: { message } });
  }
  if (testFile !== undefined) reportFile({ testFile }, message);
}

/** Errors come out of a worker in a form of ava's own: what was compared stands beside the message. */
function errorOf(error) {
  if (error === undefined || error === null) return undefined;
  const { message, stack } = describeError(error.originalError ?? error);
  const details = (error.formattedDetails ?? error.values ?? []).map(({ label, formatted }) => `${label} ${formatted}`);
  return { message: [message || error.summary || error.name || '', ...details].join('\n'), stack: error.stack ?? stack };
}
