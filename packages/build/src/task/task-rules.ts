import type { BuildTaskRule } from '@selfheal/contracts';
import { BUILD_TASK_DEFAULTS } from '@selfheal/contracts/build-task-defaults';

export type TaskRules = Readonly<Record<string, BuildTaskRule>>;

type Rule = Pick<BuildTaskRule, 'dependsOn' | 'command' | 'cache' | 'timeoutMs'> &
  Readonly<Record<'inputs' | 'outputs' | 'env', readonly string[]>>;

/** The rule of one task of one package: its own, else the one for all packages, else the defaults. */
export function ruleFor(rules: TaskRules, packageName: string, task: string): Rule {
  return rules[`${packageName}#${task}`] ?? rules[task] ?? BUILD_TASK_DEFAULTS;
}
