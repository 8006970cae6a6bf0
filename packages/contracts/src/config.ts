import { z } from 'zod';

const duration = z.int().nonnegative().describe('milliseconds');

/** `selfheal.config.{json,ts}`. Every key has a default, most are found by looking at the repository. */
export const selfhealConfig = z.strictObject({
  $schema: z.string().optional(),
  logs: z.array(z.string()).default([]).describe('log files, folders or globs, relative to the repository'),
  sequences: z.array(z.string()).default([]).describe('declared flows of the watched service; found by looking when empty'),
  install: z.string().optional().describe('command that installs the repository'),
  test: z.string().optional().describe('test command; default: the "test" script of package.json'),
  ci: z.string().optional().describe('command run on the pull request; default: the test command'),
  sourceMaps: z.array(z.string()).default([]).describe('folders or globs of build output with source maps'),
  budgets: z.record(z.string(), z.number().positive()).default({}).describe('expected milliseconds by handler, operation or route'),
  forge: z.enum(['local']).default('local'),
  deploy: z
    .strictObject({
      command: z.string().optional(),
      timeoutMs: duration.default(120_000),
      env: z
        .array(z.string())
        .default([])
        .describe('names of variables that the command gets beside PATH, HOME, USER, LANG and SELFHEAL_DEPLOY_*'),
    })
    .prefault({}),
  verify: z
    .strictObject({
      windowMs: duration.default(60_000).describe('how long new telemetry is awaited after a deploy'),
      minimumTraffic: z.int().positive().default(20).describe('calls of the same operation needed for a verdict'),
      pollMs: duration.default(1_000),
    })
    .prefault({}),
  policy: z
    .strictObject({
      approve: z.enum(['auto', 'review']).default('auto'),
      stopAfter: z.enum(['diagnose', 'fix', 'validate', 'merge', 'deploy']).optional(),
      allowed: z.array(z.string()).default([]).describe('globs that a patch may touch; empty: all source and test files'),
      forbidden: z.array(z.string()).default([]).describe('globs that a patch must not touch, beside the built-in list'),
      maxChangedLines: z.int().positive().default(120).describe('production lines that a patch may change'),
      minConfidence: z.number().min(0).max(1).default(0.5).describe('below it diagnosis abstains'),
      autoMergeConfidence: z.number().min(0).max(1).default(0.6),
      maxCandidates: z.int().positive().default(16).describe('candidates tried for one incident'),
      maxAttempts: z.int().positive().default(3).describe('patches validated for one incident'),
      coverage: z.enum(['find', 'heal']).default('find'),
      notes: z.string().optional().describe('folder of the repository that keeps incident notes'),
      noCheckout: z.boolean().default(false).describe('never update the working tree of the default branch'),
    })
    .prefault({}),
  sandbox: z
    .strictObject({
      unsafe: z.boolean().default(false),
      testTimeoutMs: duration.default(120_000),
      memoryMb: z.int().positive().default(2048),
    })
    .prefault({}),
  intake: z
    .strictObject({
      maxLineBytes: z.int().positive().default(1_048_576),
      maxChunkBytes: z.int().positive().default(16_777_216),
      maxInflateRatio: z.number().positive().default(200),
      lookbackMs: duration.default(24 * 3_600_000),
      retainMs: duration.default(30 * 24 * 3_600_000),
      retainBytes: z.int().positive().default(10_737_418_240),
    })
    .prefault({}),
  schedules: z.strictObject({ parseMs: duration.default(5_000), sweepMs: duration.default(30_000) }).prefault({}),
  plugins: z.array(z.string()).default([]),
});
export type SelfhealConfig = z.infer<typeof selfhealConfig>;
export type SelfhealConfigInput = z.input<typeof selfhealConfig>;
