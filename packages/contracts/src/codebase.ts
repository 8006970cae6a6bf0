import { z } from 'zod';

/** A function of the code base. `id` is `file#name@startLine`; methods are `Class.method`. */
export const functionInfo = z.object({
  id: z.string(),
  name: z.string(),
  file: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  exported: z.boolean(),
  /**
   * How another module reaches it, as a path from the module's exports: `name`, `default`, `module.exports` (the whole CommonJS
   * value), `owner.member` (members of exported objects and instances, static methods), `Class#method` (instance methods, to be
   * called on `new Class()`); absent where it cannot be reached.
   */
  exportedAs: z.string().optional(),
  async: z.boolean(),
  params: z.array(z.object({ name: z.string(), type: z.string().optional(), optional: z.boolean() })),
  returnType: z.string().optional(),
  /** Ids of functions it calls within the code base. */
  calls: z.array(z.string()),
  /** The newest commit that changed any of its lines. */
  changedIn: z.string().optional(),
});
export type FunctionInfo = z.infer<typeof functionInfo>;

/** Maps an operation seen in telemetry (route, handler, span or step) to the function that serves it. */
export const codeOperation = z.object({
  operation: z.string(),
  functionId: z.string(),
  name: z.string(),
  file: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  /** Commit that last changed most of its lines, and when. */
  changedIn: z.string().optional(),
  changedAt: z.number().optional(),
});
export type CodeOperation = z.infer<typeof codeOperation>;

export const declaredFlow = z.object({
  id: z.string(),
  file: z.string(),
  /** Steps in declared order: the beats' event and handler names. */
  steps: z.array(
    z.object({
      event: z.string().optional(),
      handler: z.string().optional(),
      timing: z.string().optional(),
      line: z.int(),
      budgetMs: z.number().optional(),
      waitMs: z.number().optional(),
    }),
  ),
});
export type DeclaredFlow = z.infer<typeof declaredFlow>;

export const testRunnerName = z.enum(['vitest', 'node:test', 'jest', 'mocha', 'ava', 'tap']);
export type TestRunnerName = z.infer<typeof testRunnerName>;

/** How each runner is started where the repository does not say. */
export const DEFAULT_TEST_COMMAND: Readonly<Record<TestRunnerName, string>> = {
  vitest: 'vitest run',
  jest: 'jest',
  mocha: 'mocha',
  ava: 'ava',
  tap: 'tap',
  'node:test': 'node --test',
};

const packageRunner = z.object({
  name: testRunnerName,
  /** The command as the repository gives it, e.g. `node --test test/*.test.js`. */
  command: z.string(),
  /** Files that hold tests, by glob or by looking; relative to the repository. */
  testFiles: z.array(z.string()),
  configFile: z.string().optional(),
});

export const testRunner = packageRunner.extend({
  /** Where each package of a workspace has a runner of its own: those, by folder. `name` is that of most of them, `testFiles` are all. */
  members: z.array(packageRunner.extend({ folder: z.string() })).optional(),
});
export type TestRunner = z.infer<typeof testRunner>;
export type MemberRunner = NonNullable<TestRunner['members']>[number];

export const commitInfo = z.object({
  sha: z.string(),
  at: z.number(),
  author: z.string(),
  subject: z.string(),
  files: z.array(z.string()),
  tags: z.array(z.string()),
});
export type CommitInfo = z.infer<typeof commitInfo>;

/** Facts about the watched repository at one commit. */
export const codebaseInfo = z.object({
  commit: z.string(),
  branch: z.string(),
  packageName: z.string().optional(),
  packageManager: z.enum(['npm', 'pnpm', 'yarn', 'bun']),
  moduleSystem: z.enum(['esm', 'commonjs']),
  typescript: z.boolean(),
  runner: testRunner.optional(),
  files: z.array(z.object({ path: z.string(), lines: z.int(), test: z.boolean() })),
  functions: z.array(functionInfo),
  routes: z.array(z.object({ method: z.string(), path: z.string(), functionId: z.string(), file: z.string(), line: z.int() })),
  operations: z.array(codeOperation),
  flows: z.array(declaredFlow),
  /** Newest first, at most 200. */
  history: z.array(commitInfo),
  changelog: z.string().optional(),
});
export type CodebaseInfo = z.infer<typeof codebaseInfo>;

/** Source text by path: all source, test, declared-sequence and package files of the repository under the size cap. */
export const sourceSnapshot = z.object({ commit: z.string(), files: z.record(z.string(), z.string()), leftOut: z.array(z.string()) });
export type SourceSnapshot = z.infer<typeof sourceSnapshot>;

export const fileCoverage = z.object({
  path: z.string(),
  /** Executable lines and how often each ran. */
  lines: z.record(z.string(), z.int()),
  functions: z.array(z.object({ name: z.string(), startLine: z.int(), endLine: z.int(), count: z.int() })),
  branches: z.object({ covered: z.int(), total: z.int() }),
});
export type FileCoverage = z.infer<typeof fileCoverage>;

export const codeCoverage = z.object({ commit: z.string(), files: z.array(fileCoverage) });
export type CodeCoverage = z.infer<typeof codeCoverage>;
