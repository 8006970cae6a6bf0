/** Reporter for node:test (`--test-reporter`). Reads the runner's event stream; passes on only what the tests print. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeError, takeReport } from './signed-report.mjs';

export default async function* report(events) {
  const { reportTest, reportEnd } = takeReport();
  // Names of the suites around the event, outermost first; events come in the order in which tests are declared.
  const open = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      open.length = data.nesting;
      open[data.nesting] = data.name;
    } else if (type === 'test:pass' || type === 'test:fail') {
      const suite = data.details?.type === 'suite';
      // A suite fails with its tests, which are reported themselves; it counts only where it failed on its own, as by a hook.
      if (suite && (type === 'test:pass' || data.details?.error?.failureType === 'subtestsFailed')) continue;
      reportTest(toldOf(type === 'test:pass', open.slice(0, data.nesting), data));
    } else if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
  }
  reportEnd();
}

function toldOf(passed, suites, { name, file, skip, todo, details }) {
  const wholeFile = suites.length === 0 && /\.[cm]?[jt]sx?$/.test(name) && existsSync(resolve(name));
  const skipped = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
  const error = details?.error;
  return {
    file: wholeFile ? resolve(name) : (file ?? ''),
    path: wholeFile ? [] : [...suites, name],
    status: skipped ? 'skipped' : passed ? 'passed' : 'failed',
    ms: details?.duration_ms,
    error: passed || error === undefined ? undefined : describeError(error.cause instanceof Object ? error.cause : error),
  };
}
