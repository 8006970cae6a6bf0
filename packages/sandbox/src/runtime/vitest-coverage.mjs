/** Coverage provider for vitest (`--coverage.provider=custom`): works without the repository having one of vitest's own installed. */
import { startCollecting, writeCoverage } from './v8-collector.mjs';

/** The part in vitest's main process. The workers write their files themselves, so there is nothing to gather. */
class Provider {
  name = 'custom';

  initialize({ config }) {
    this.options = config.coverage;
  }
  resolveOptions() {
    return {
      ...this.options,
      reporter: [],
      include: [],
      exclude: [],
      clean: false,
      cleanOnRerun: false,
      reportsDirectory: '/tmp/coverage',
    };
  }
  clean() {}
  onAfterSuiteRun() {}
  onTestFailure() {}
  generateCoverage() {
    return {};
  }
  reportCoverage() {}
}

export default {
  startCoverage: startCollecting,
  takeCoverage: writeCoverage,
  stopCoverage() {},
  getProvider: () => new Provider(),
};
