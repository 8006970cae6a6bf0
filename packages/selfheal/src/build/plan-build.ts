import { filterPackages, planTasks, readWorkspace, type TaskPlan, type Workspace, workspaceOfList } from '@selfheal/build';
import type { BuildConfig } from '@selfheal/contracts';

export interface PlannedBuild {
  readonly workspace: Workspace;
  readonly plan: TaskPlan;
}

/** What is to be run for some tasks and filters. Fails with BUILD_WORKSPACE_INVALID, BUILD_PACKAGE_UNKNOWN, BUILD_TASK_UNKNOWN or BUILD_CYCLE. */
export async function planBuild(
  root: string,
  config: Partial<BuildConfig>,
  wanted: { readonly tasks: readonly string[]; readonly filters: readonly string[] },
): Promise<PlannedBuild> {
  const workspace = config.packages === undefined ? await readWorkspace(root) : workspaceOfList(root, config.packages);
  const packages = filterPackages(workspace, wanted.filters);
  const tasks = wanted.tasks.length === 0 ? ['build'] : wanted.tasks;
  return { workspace, plan: planTasks(workspace, config.tasks ?? {}, { tasks, packages }) };
}
