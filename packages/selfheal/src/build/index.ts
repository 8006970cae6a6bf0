/** Builds of workspaces. An entry of its own: a build with nothing to do is over before the rest would be loaded. */
export {
  type BuildEvent,
  type BuildProgress,
  type BuildReport,
  githubAnnotations,
  junit,
  readDiagnostics,
  type TaskPlan,
} from '@selfheal/build';
export { buildWorkspace, type WorkspaceBuildRequest } from './build-workspace.ts';
