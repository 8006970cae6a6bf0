/** Replaces the characters [start, end) of a file, relative to the repository, by `text`. Offsets are those of the base. */
export interface TextChange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an assertion library told of a failure. `actual` and `expected` are printed; the bytes are base64 of a structured clone. */
export interface ObservedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly actual?: string;
  readonly expected?: string;
  readonly actualBytes?: string;
  readonly expectedBytes?: string;
}

/** One assertion of a test (or, with an empty id, the test as a whole). */
export interface Observation {
  readonly id: string;
  readonly passed: boolean;
  readonly error?: ObservedError;
  /** In a covered run: blocks that ran up to it, by file, as `[start, end, count]` in offsets of the base text. */
  readonly covered: readonly Readonly<Record<string, readonly (readonly [number, number, number])[]>>[];
}

/** A call of an exported function that a test made, with base64 of its arguments. */
export interface WarmCall {
  readonly file: string;
  readonly name: string;
  readonly args: string;
}

export interface WarmResult {
  /** Names the test within one warm process. */
  readonly key: string;
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
  readonly observations: readonly Observation[];
  /** Turns of loops and entries of functions of project code. */
  readonly steps: number;
  readonly ms: number;
  readonly calls?: readonly WarmCall[];
}

/** What came of one job: results of the tests that ran, or why the thread had to be ended. */
export interface WarmOutcome {
  readonly results: readonly WarmResult[];
  readonly broken?: string;
}

export interface WarmRunOptions {
  /** Keys of the tests to run; absent: all. */
  readonly wanted?: readonly string[];
  /** Keys of tests that run only where one of `wanted` passed, until one of them fails. */
  readonly afterwards?: readonly string[];
  readonly covered?: boolean;
  readonly limits: { readonly steps: number; readonly testMs: number; readonly hangMs: number };
}

/** A suite held in one confined, warm process, where candidates are swapped in. */
export interface WarmTests extends AsyncDisposable {
  readonly testFiles: readonly string[];
  run(changes: readonly TextChange[], options: WarmRunOptions): Promise<WarmOutcome>;
  /** Calls exported functions; one line for each call, of what it gave or threw. Empty where the process broke. */
  call(changes: readonly TextChange[], calls: readonly WarmCall[], limits: WarmRunOptions['limits']): Promise<readonly string[]>;
}
