/** Reporter for vitest (`--reporter`), for its present interface (3 and later) and the one before it. */
import { describeError, takeReport } from './signed-report.mjs';

const { reportTest, reportEnd } = takeReport();

export default class SelfhealVitestReporter {
  #modern = false;

  onTestCaseResult(test) {
    this.#modern = true;
    const result = test.result();
    reportTest({
      file: test.module.moduleId,
      path: [...suitesOf(test.parent), test.name],
      status: statusOf(result?.state),
      ms: test.diagnostic?.()?.duration,
      error: firstError(result),
    });
  }

  /** A file that could not be loaded, or whose hooks failed. */
  onTestModuleEnd(module) {
    this.#modern = true;
    for (const error of module.errors?.() ?? [])
      reportTest({ file: module.moduleId, path: [], status: 'failed', error: describeError(error) });
  }

  /** A hook of a suite failed. */
  onTestSuiteResult(suite) {
    for (const error of suite.errors?.() ?? []) {
      reportTest({
        file: suite.module.moduleId,
        path: [...suitesOf(suite.parent), suite.name],
        status: 'failed',
        error: describeError(error),
      });
    }
  }

  onTestRunEnd(_modules, unhandled) {
    this.#modern = true;
    finish(unhandled);
  }

  onFinished(files = [], unhandled = []) {
    if (this.#modern) return;
    for (const file of files) reportLegacy(file, file.filepath ?? file.name, []);
    finish(unhandled);
  }
}

function finish(unhandled) {
  for (const error of unhandled) reportTest({ file: '', path: ['unhandled error'], status: 'failed', error: describeError(error) });
  reportEnd();
}

function suitesOf(parent) {
  return parent?.type === 'suite' ? [...suitesOf(parent.parent), parent.name] : [];
}

function reportLegacy(task, file, suites) {
  const error = firstError(task.result);
  const path = task.filepath === undefined ? [...suites, task.name] : [];
  if (task.tasks === undefined) {
    const ran = task.mode === 'run' || task.result?.state === 'fail';
    reportTest({ file, path, status: ran ? statusOf(task.result?.state) : 'skipped', ms: task.result?.duration, error });
    return;
  }
  if (error !== undefined) reportTest({ file, path, status: 'failed', error });
  for (const inner of task.tasks) reportLegacy(inner, file, path);
}

function firstError(result) {
  const error = result?.errors?.[0];
  return error === undefined ? undefined : describeError(error);
}

function statusOf(state) {
  if (state === 'passed' || state === 'pass') return 'passed';
  return state === 'failed' || state === 'fail' ? 'failed' : 'skipped';
}
