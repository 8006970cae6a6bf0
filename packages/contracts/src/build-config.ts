import { z } from 'zod';
import { BUILD_TASK_DEFAULTS } from './build-task-defaults.ts';

/** How a task of every package is run, or of one package where the key is `package#task`. */
export const buildTaskRule = z.strictObject({
  dependsOn: z
    .array(z.string())
    .optional()
    .describe(
      '^task: that task of the packages depended on; task: of the same package; package#task: that one. Default: ^ and the task itself',
    ),
  command: z.string().optional().describe('shell line; default: the script of the same name'),
  inputs: z
    .array(z.string())
    .default([...BUILD_TASK_DEFAULTS.inputs])
    .describe('globs relative to the package, ! takes away; default: every file that git does not ignore'),
  outputs: z
    .array(z.string())
    .default([...BUILD_TASK_DEFAULTS.outputs])
    .describe('globs relative to the package, ! takes away; default: every file that git ignores, node_modules aside'),
  env: z
    .array(z.string())
    .default([...BUILD_TASK_DEFAULTS.env])
    .describe('names of variables that the command gets, with * at the end all that begin so; their values count as inputs'),
  cache: z.boolean().default(BUILD_TASK_DEFAULTS.cache).describe('false: always run'),
  timeoutMs: z.int().positive().default(BUILD_TASK_DEFAULTS.timeoutMs).describe('milliseconds until the command is ended'),
});
export type BuildTaskRule = z.infer<typeof buildTaskRule>;

/** A package as a list names it, where no workspace does. */
export const listedPackage = z.looseObject({
  packageName: z.string().min(1),
  packagePath: z.string().min(1).describe('relative to the repository'),
  dependencies: z.array(z.string()).default([]).describe('names of packages; those that are not listed are taken as installed'),
});
export type ListedPackage = z.infer<typeof listedPackage>;

/** The `build` part of the configuration. */
export const buildConfig = z.strictObject({
  tasks: z
    .record(z.string(), buildTaskRule)
    .default({})
    .describe('how tasks are run, by name, or by package#task: dependsOn, command, inputs, outputs, env, cache, timeoutMs'),
  packages: z
    .array(listedPackage)
    .optional()
    .describe('packages (packageName, packagePath, dependencies); default: those of the npm, pnpm or yarn workspace'),
  concurrency: z.int().positive().optional().describe('tasks that run at once; default: one for each processor'),
  durable: z
    .boolean()
    .default(true)
    .describe('schedule builds in a workflow, so that one that is cut off by a crash goes on where it was; false: in the process itself'),
  confine: z
    .boolean()
    .default(false)
    .describe('true: a command can write in the folder of its package alone, of all the workspace; needs bubblewrap or user namespaces'),
  sharedCache: z
    .strictObject({
      bucket: z.string().min(1).describe('S3 bucket'),
      prefix: z
        .string()
        .regex(/^(?:[^/]+(?:\/[^/]+)*)?$/)
        .default('')
        .describe('folder in the bucket'),
      endpoint: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('address of a store that is not of Amazon; default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL'),
      region: z.string().optional().describe('default: AWS_REGION, else us-east-1'),
      write: z.boolean().default(true).describe('offer results to other machines; false: only take'),
      timeoutMs: z.int().positive().default(10_000).describe('milliseconds for one request'),
    })
    .optional()
    .describe('results shared with other machines through an S3-compatible store; credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY'),
  onFailure: z
    .enum(['stop', 'finish-running', 'continue'])
    .default('continue')
    .describe('after a failure: stop what runs, let it finish, or go on with all that does not need what failed'),
});
export type BuildConfig = z.infer<typeof buildConfig>;
