import {
  type BeatContext,
  type Checkout,
  type Edit,
  type RegressionTest,
  type Sandbox,
  SelfhealError,
  type TestReport,
  type TestResult,
  type TestRunner,
} from '@selfheal/contracts';

/** A candidate that makes a test hang must not hold up the others. Milliseconds. */
const ONE_TEST_MS = 45_000;

/** Runs tests on one checkout that is put back to its commit before each run. */
export class TestRuns {
  readonly #sandbox: Sandbox;
  readonly #checkout: Checkout;
  readonly #runner: TestRunner;
  readonly #beat: BeatContext;

  constructor(sandbox: Sandbox, checkout: Checkout, runner: TestRunner, beat: BeatContext) {
    this.#sandbox = sandbox;
    this.#checkout = checkout;
    this.#runner = runner;
    this.#beat = beat;
  }

  /** The new test's own result with the edits in place; undefined where the runner did not report it. */
  async resultOf(
    test: RegressionTest,
    edits: readonly Edit[],
    progress: string,
  ): Promise<{ result: TestResult | undefined; report: TestReport }> {
    const report = await this.#run(edits, progress, { files: [test.file], plant: false, timeoutMs: ONE_TEST_MS });
    return { result: findResult(test, report.results), report };
  }

  /** All tests of the repository with the edits in place. */
  async suite(edits: readonly Edit[], progress: string): Promise<TestReport> {
    return this.#run(edits, progress, { plant: false });
  }

  /** Some test files of the repository as it is. */
  async files(files: readonly string[], progress: string): Promise<TestReport> {
    return this.#run([], progress, { files, plant: false });
  }

  /** Fails with CANCELLED where the beat was stopped. */
  checkCancelled(): void {
    if (this.#beat.signal.aborted) throw new SelfhealError('CANCELLED', 'the search for a fix was stopped');
  }

  async #run(
    edits: readonly Edit[],
    progress: string,
    options: { files?: readonly string[]; plant: boolean; timeoutMs?: number },
  ): Promise<TestReport> {
    const { signal } = this.#beat;
    this.checkCancelled();
    this.#beat.heartbeat(progress);
    await this.#checkout.reset();
    await this.#checkout.apply(edits);
    return this.#sandbox.runTests(this.#checkout, this.#runner, { ...options, signal });
  }
}

function findResult(test: RegressionTest, results: readonly TestResult[]): TestResult | undefined {
  const last = (title: string) => title.split(' > ').at(-1) ?? title;
  const own = test.titles.map(last);
  return (
    results.find((result) => result.file.endsWith(test.file) && own.includes(last(result.title))) ??
    results.find((result) => own.includes(last(result.title)))
  );
}

/** Tests that fail in a report, by id. */
export function failedIn(report: TestReport): TestResult[] {
  return report.results.filter((result) => result.status === 'failed');
}
