/** A repository that patches are made for. */
export interface PatchedRepository {
  readonly name: string;
  readonly runner: 'vitest' | 'jest' | 'mocha' | 'node:test';
  readonly files: Readonly<Record<string, string>>;
  /** Files of production code, each of which the diagnosis may name. */
  readonly production: readonly string[];
  readonly tests: readonly string[];
  readonly runnerConfig: string;
}
