export { type BuildRequest, build } from './build.ts';
export type { BuildEvent, TaskResult, TaskState } from './run/run-build.ts';
export { filterPackages } from './task/filter-packages.ts';
export { planTasks, type TaskPlan } from './task/plan-tasks.ts';
export type { Task } from './task/task.ts';
export { type TaskRule, type TaskRules, taskRule, taskRules } from './task/task-rules.ts';
export { readWorkspace } from './workspace/read-workspace.ts';
export type { Workspace, WorkspacePackage } from './workspace/workspace.ts';
