import { z } from 'zod';

/** How a task of every package is run, or of one package where the key is `package#task`. */
export const taskRule = z.strictObject({
  dependsOn: z
    .array(z.string())
    .optional()
    .describe(
      '^task: that task of the packages depended on; task: of the same package; package#task: that one. Default: ^ and the task itself',
    ),
  command: z.string().optional().describe('shell line; default: the script of the same name'),
  inputs: z.array(z.string()).default([]).describe('globs relative to the package; default: every file that git does not ignore'),
  outputs: z
    .array(z.string())
    .default([])
    .describe('globs relative to the package; default: every file that git ignores, node_modules aside'),
  env: z.array(z.string()).default([]).describe('names of variables that the command gets; their values count as inputs'),
  cache: z.boolean().default(true).describe('false: always run'),
  timeoutMs: z.int().positive().default(1_800_000).describe('milliseconds until the command is ended'),
});

export const taskRules = z.record(z.string(), taskRule);

export type TaskRule = z.infer<typeof taskRule>;
export type TaskRules = z.infer<typeof taskRules>;

/** The rule of one task of one package: its own, else the one for all packages, else the defaults. */
export function ruleFor(rules: TaskRules, packageName: string, task: string): TaskRule {
  return rules[`${packageName}#${task}`] ?? rules[task] ?? taskRule.parse({});
}
