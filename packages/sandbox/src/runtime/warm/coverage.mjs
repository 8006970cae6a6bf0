/** V8's precise block coverage, taken after each observation: taking resets the counts, so each take is what ran since the last. */
import { Session } from 'node:inspector';

export class Coverage {
  #session;

  start() {
    this.#session = new Session();
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  stop() {
    this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    this.#session = undefined;
  }

  /** Ranges by module identifier: `[start, end, count]`, outer before inner. */
  take(isProject) {
    const found = {};
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      const path = isProject(url);
      if (path === undefined) continue;
      const ranges = functions.flatMap((one) => one.ranges.map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count]));
      if (ranges.length > 0) found[path] = [...(found[path] ?? []), ...ranges];
    }
    return found;
  }

  #post(method, parameters) {
    let answer;
    // Same-thread sessions answer before `post` returns.
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  }
}
