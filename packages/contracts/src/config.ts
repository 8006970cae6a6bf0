import { z } from 'zod';
import { aiConfig } from './ai/config.ts';
import { buildConfig } from './build-config.ts';
import { notifyConfig, remediationConfig } from './remediation-config.ts';

const duration = z.int().nonnegative().describe('milliseconds');

/** `selfheal.config.{json,ts}`. Every key has a default, most are found by looking at the repository. */
export const selfhealConfig = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  logs: z.array(z.string()).default([]).describe('log files, folders or globs, relative to the repository'),
  sequences: z.array(z.string()).default([]).describe('declared flows of the watched service; found by looking when empty'),
  install: z.string().optional().describe('command that installs the repository'),
  test: z.string().optional().describe('test command; default: the "test" script of package.json'),
  ci: z.string().optional().describe('command run on the pull request; default: the test command'),
  sourceMaps: z.array(z.string()).default([]).describe('folders or globs of build output with source maps'),
  budgets: z.record(z.string(), z.number().positive()).default({}).describe('expected milliseconds by handler, operation or route'),
  slos: z
    .array(
      z
        .strictObject({
          name: z.string().min(1).optional().describe('for people; default: made of the operation and the objective'),
          operation: z.string().min(1).describe('operation, handler or route that it is for; * stands for any characters'),
          availability: z.number().gt(0).lt(1).optional().describe('share of calls that must not fail, such as 0.999'),
          latencyMs: z.number().positive().optional().describe('milliseconds within which a call must be answered'),
          share: z.number().gt(0).lt(1).default(0.99).describe('share of calls that must keep to latencyMs'),
          periodMs: duration
            .min(3_600_000)
            .default(30 * 24 * 3_600_000)
            .describe('milliseconds that the error budget is for'),
        })
        .refine((slo) => (slo.availability === undefined) !== (slo.latencyMs === undefined), {
          message: 'give either availability or latencyMs',
        }),
    )
    .default([])
    .describe('service level objectives: what is promised for an operation'),
  forge: z.enum(['local']).default('local').describe('where branches, pull requests and merges live; local: in the repository itself'),
  deploy: z
    .strictObject({
      command: z
        .string()
        .optional()
        .describe('run after a merge; must be idempotent: it may be run again with the same SELFHEAL_DEPLOY_KEY'),
      timeoutMs: duration.default(120_000).describe('milliseconds until the command is ended'),
      env: z
        .array(z.string())
        .default([])
        .describe('names of variables that the command gets beside PATH, HOME, USER, LANG and SELFHEAL_DEPLOY_*'),
    })
    .prefault({}),
  verify: z
    .strictObject({
      windowMs: duration.default(60_000).describe('milliseconds that new telemetry is awaited after a deploy'),
      minimumTraffic: z.int().positive().default(20).describe('calls of the same operation needed for a verdict'),
      pollMs: duration.default(1_000).describe('milliseconds between two looks at new telemetry'),
    })
    .prefault({}),
  policy: z
    .strictObject({
      approve: z.enum(['auto', 'review']).default('auto').describe('merge by policy, or wait for a person'),
      stopAfter: z.enum(['diagnose', 'fix', 'validate', 'merge', 'deploy']).optional().describe('go no further than this stage'),
      allowed: z.array(z.string()).default([]).describe('globs that a patch may touch; empty: all source and test files'),
      forbidden: z.array(z.string()).default([]).describe('globs that a patch must not touch, beside the built-in list'),
      maxChangedLines: z.int().positive().default(120).describe('production lines that a patch may change'),
      minConfidence: z.number().min(0).max(1).default(0.5).describe('below it diagnosis abstains'),
      autoMergeConfidence: z
        .number()
        .min(0)
        .max(1)
        .default(0.6)
        .describe('below it a validated patch waits for review; learning moves it for each class'),
      minRepairConfidence: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe('below it an edit that the search found is plausible but not trusted: it is not offered'),
      searchBudgetMs: duration
        .default(30_000)
        .describe('milliseconds that edits are searched for where no fix template mends an incident; 0: not at all'),
      maxCandidates: z.int().positive().default(16).describe('candidates tried for one incident'),
      maxAttempts: z.int().positive().default(3).describe('patches validated for one incident'),
      coverage: z.enum(['find', 'heal']).default('find').describe('untested code in use: report it, or write tests for it'),
      notes: z.string().optional().describe('folder of the repository that keeps incident notes'),
      noCheckout: z.boolean().default(false).describe('never update the working tree of the default branch'),
    })
    .prefault({}),
  remediation: remediationConfig.prefault({}).describe('what is done about beats with aiRemediation that failed for good'),
  notify: notifyConfig.prefault({}).describe('who is told where a person is needed'),
  sandbox: z
    .strictObject({
      unsafe: z.boolean().default(false).describe('run tests unconfined where no sandbox tool is found'),
      testTimeoutMs: duration.default(120_000).describe('milliseconds until a test run is ended'),
      memoryMb: z.int().positive().default(2048).describe('memory of a test run'),
    })
    .prefault({}),
  intake: z
    .strictObject({
      maxLineBytes: z.int().positive().default(1_048_576).describe('longer lines are left out and reported'),
      maxChunkBytes: z.int().positive().default(5_242_880).describe('bytes that one parse run reads; the next goes on there'),
      maxBacklogBytes: z
        .int()
        .min(65_536)
        .default(1_073_741_824)
        .describe('bytes that may wait to be read of what hosts, standard input and OTLP senders deliver; beyond it they are told to wait'),
      otlp: z
        .strictObject({
          enabled: z.boolean().default(true).describe('whether `up` receives OTLP over HTTP'),
          host: z.string().default('127.0.0.1').describe('address that it listens on; nobody is asked for a password'),
          port: z
            .int()
            .min(0)
            .max(65_535)
            .optional()
            .describe('default: 4318, and nothing is received where that is in use; a port that is set must be free; 0: any'),
          maxBodyBytes: z.int().positive().default(16_777_216).describe('bytes of one request, inflated'),
          maxInFlightBytes: z
            .int()
            .positive()
            .default(67_108_864)
            .describe('bytes of requests under way; beyond it senders are told to wait'),
        })
        .prefault({}),
      maxInflateRatio: z.number().positive().default(200).describe('a gzip file that grows more is refused'),
      lookbackMs: duration.default(24 * 3_600_000).describe('milliseconds of telemetry that a sweep looks at'),
      retainMs: duration
        .default(30 * 24 * 3_600_000)
        .describe('milliseconds that telemetry is kept since it happened or was read, whichever is later'),
      retainBytes: z.int().positive().default(10_737_418_240).describe('bytes of telemetry batches that are kept; the oldest go first'),
    })
    .prefault({}),
  schedules: z
    .strictObject({
      parseMs: duration.default(5_000).describe('milliseconds between two parse runs of `up`'),
      sweepMs: duration.default(30_000).describe('milliseconds between two sweeps of `up`'),
    })
    .prefault({}),
  housekeeping: z
    .strictObject({
      everyMs: duration.min(1_000).default(3_600_000).describe('milliseconds between two rounds of `up`; the first is at its start'),
      compact: z.boolean().default(true).describe('join small old telemetry batches into larger ones'),
      compactAfterMs: duration.default(3_600_000).describe('milliseconds until a batch is old enough to be joined'),
      compactSpanMs: duration.min(60_000).default(3_600_000).describe('milliseconds of telemetry that one joined batch holds'),
      compactMaxBytes: z.int().positive().default(33_554_432).describe('bytes that a joined batch has at most'),
      valueMinAgeMs: duration
        .min(3_600_000)
        .default(24 * 3_600_000)
        .describe('milliseconds that a value between beats is kept even if no record and no open run refers to it; at least an hour'),
      intakeMaxBytes: z
        .int()
        .min(4_096)
        .default(16_777_216)
        .describe('bytes after which a segment of delivered telemetry is followed by a new one'),
      beatLogMaxBytes: z.int().min(4_096).default(16_777_216).describe('bytes after which the beat log is rotated'),
      beatLogFiles: z.int().nonnegative().default(4).describe('rotated beat logs that are kept'),
      beatRunsMs: duration.default(7 * 24 * 3_600_000).describe('milliseconds that the timing of beats is kept'),
    })
    .prefault({}),
  build: buildConfig.prefault({}),
  ai: aiConfig.prefault({}),
  plugins: z.array(z.string()).default([]).describe('packages, or paths relative to the repository'),
});
export type SelfhealConfig = z.infer<typeof selfhealConfig>;
export type SelfhealConfigInput = z.input<typeof selfhealConfig>;
