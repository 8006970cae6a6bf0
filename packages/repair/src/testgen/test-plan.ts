import type { CodeLocation, RegressionTest } from '@selfheal/contracts';
import type { TestStyle } from './test-style.ts';

/** A name that a test takes in: from a file of the repository (`path`) or a package (`module`). */
export interface TestImport {
  readonly path?: string;
  readonly module?: string;
  /** Exported name; `default`, `module.exports` and `*` mean the whole. */
  readonly name: string;
  readonly as: string;
  readonly type?: boolean;
}

/** A regression test before it is written down in the repository's style. */
export interface TestPlan {
  readonly proof: RegressionTest['proof'];
  readonly target: CodeLocation;
  /** What the test shows, as a sentence without "should": `labelOf gives null where ...`. */
  readonly subject: string;
  readonly claim: string;
  readonly imports: readonly TestImport[];
  /** Lines of the test's body. */
  readonly body: readonly string[];
  /** The body for TypeScript where the arguments are not of the declared types. */
  readonly castBody?: readonly string[];
  readonly asynchronous: boolean;
  readonly source: RegressionTest['source'];
  readonly expectation: string;
  readonly reproduces?: RegressionTest['reproduces'];
  /** How it is written, where not like the tests of the faulty file's package. */
  readonly style?: TestStyle;
  /** Names of the values that a probe run fills in, with the body of the probe. */
  readonly probe?: { readonly body: readonly string[]; readonly slots: readonly string[] };
  /** 0..1, for ranking among the plans of one fault. */
  readonly weight: number;
}
