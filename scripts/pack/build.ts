/**
 * `npm run build`: makes the packages that are published, compiled: `.cache/pack/selfheal`, and `.cache/pack/recorder`, which a watched
 * service loads; `npm pack` or `npm publish` in there does the rest. Node strips no types below node_modules, so what is installed must be JavaScript.
 */
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { undeclaredPackages } from './check-imports.ts';
import { compile } from './compile.ts';
import { COMMAND_PACKAGE, PUBLIC_PACKAGE, RECORDER_PACKAGE, sourceFolder, stage, stageRecorder } from './stage.ts';
import { publishedWorkspaces, type Workspace } from './workspaces.ts';

/** Builds and stages the package of the repository at `root`; returns its folder. */
export async function buildPackage(root: string, workDir: string = join(root, '.cache/pack')): Promise<string> {
  const workspaces = publishedWorkspaces(root, [PUBLIC_PACKAGE, COMMAND_PACKAGE]);
  const builtDir = join(workDir, 'built');
  const stageDir = join(workDir, 'selfheal');
  await compile(root, workspaces, entriesOf(root, workspaces), builtDir);
  stage(root, workspaces, builtDir, stageDir);
  const missing = undeclaredPackages(stageDir);
  if (missing.length > 0) throw new Error(`no workspace lists what its code imports: ${missing.join(', ')}`);
  return stageDir;
}

/** Builds and stages the package that a watched service loads; returns its folder. */
export async function buildRecorder(root: string, workDir: string = join(root, '.cache/pack')): Promise<string> {
  const workspaces = publishedWorkspaces(root, [RECORDER_PACKAGE]);
  const builtDir = join(workDir, 'built-recorder');
  const stageDir = join(workDir, 'recorder');
  await compile(root, workspaces, entriesOf(root, workspaces), builtDir);
  stageRecorder(root, workspaces, builtDir, stageDir);
  const missing = undeclaredPackages(stageDir);
  if (missing.length > 0) throw new Error(`the recorder does not list what its code imports: ${missing.join(', ')}`);
  return stageDir;
}

/** Files that no other one imports: what is exported or loaded by path (the command, worker threads, child processes, workflow code), and declarations. */
function entriesOf(root: string, workspaces: readonly Workspace[]): string[] {
  return workspaces.flatMap((workspace) => {
    const source = sourceFolder(root, workspace);
    const exported = Object.values(workspace.exports).filter((file) => file.endsWith('.ts'));
    const byPath = globSync('{main.ts,workflows/index.ts,**/*.{thread,child}.ts,**/*.d.ts}', { cwd: join(root, source) });
    return [...exported.map((file) => join(workspace.folder, file)), ...byPath.map((file) => join(source, file))];
  });
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const started = performance.now();
  const folders = [await buildPackage(root), await buildRecorder(root)].map((folder) => relative(root, folder));
  console.log(`${folders.join(' and ')} are built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
