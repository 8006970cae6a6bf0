import { cpSync, existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishedManifest, recorderManifest, workspaceManifest } from './manifest.ts';
import type { Workspace } from './workspaces.ts';

/** The public package: its manifest is the tarball's. */
export const PUBLIC_PACKAGE = 'selfheal';
/** What a watched service loads: a package of its own, for such a service has no other use for selfheal. */
export const RECORDER_PACKAGE = '@selfheal/recorder';
/** The command is a folder of the public package, so that it finds that package by its name wherever it is installed. */
export const COMMAND_PACKAGE = '@selfheal/cli';

/** Where sources are within a workspace; `handlers` keeps them at its top. */
export function sourceFolder(root: string, workspace: Workspace): string {
  return existsSync(join(root, workspace.folder, 'src')) ? `${workspace.folder}/src` : workspace.folder;
}

/**
 * Lays out the package below `stageDir` from what was compiled into `builtDir`:
 * `dist` (the public API), `cli` (the command) and `node_modules/@selfheal/*` (all others, bundled with it).
 */
export function stage(root: string, workspaces: readonly Workspace[], builtDir: string, stageDir: string): void {
  rmSync(stageDir, { recursive: true, force: true });
  stageCode(root, workspaces, builtDir, stageDir);
  cpSync(join(root, 'packages/cli/bin'), join(stageDir, 'cli/bin'), { recursive: true });
  for (const file of ['README.md', 'LICENSE']) cpSync(join(root, file), join(stageDir, file));
  for (const page of globSync('docs/**/*.md', { cwd: root })) cpSync(join(root, page), join(stageDir, page));
  writeManifest(stageDir, publishedManifest(root, workspaces, workspaces.filter(isBundled)));
}

/** Lays out the recorder: its `dist`, and what it needs of ours bundled with it. */
export function stageRecorder(root: string, workspaces: readonly Workspace[], builtDir: string, stageDir: string): void {
  rmSync(stageDir, { recursive: true, force: true });
  stageCode(root, workspaces, builtDir, stageDir);
  cpSync(join(root, 'LICENSE'), join(stageDir, 'LICENSE'));
  cpSync(join(root, 'packages/recorder/README.md'), join(stageDir, 'README.md'));
  writeManifest(stageDir, recorderManifest(root, workspaces.filter(isBundled)));
}

function stageCode(root: string, workspaces: readonly Workspace[], builtDir: string, stageDir: string): void {
  for (const workspace of workspaces) {
    const target = join(stageDir, placeOf(workspace));
    copyCode(root, workspace, builtDir, target);
    if (isBundled(workspace)) writeManifest(target, workspaceManifest(workspace));
  }
}

function isBundled(workspace: Workspace): boolean {
  return ![PUBLIC_PACKAGE, COMMAND_PACKAGE, RECORDER_PACKAGE].includes(workspace.name);
}

function placeOf(workspace: Workspace): string {
  if (workspace.name === PUBLIC_PACKAGE || workspace.name === RECORDER_PACKAGE) return '.';
  return workspace.name === COMMAND_PACKAGE ? 'cli' : `node_modules/${workspace.name}`;
}

/** Compiled code, and the files beside the sources that are loaded as they are. */
function copyCode(root: string, workspace: Workspace, builtDir: string, target: string): void {
  const source = sourceFolder(root, workspace);
  const built = join(builtDir, source);
  if (existsSync(built)) cpSync(built, join(target, 'dist'), { recursive: true });
  const asTheyAre =
    source === workspace.folder ? exportedData(root, workspace) : globSync('**/*.{mjs,cjs,js,json,hbs}', { cwd: join(root, source) });
  const place = source === workspace.folder ? target : join(target, 'dist');
  for (const file of asTheyAre) copyFile(join(root, source, file), join(place, file));
  if (!isBundled(workspace)) return;
  for (const file of globSync([...workspace.texts], { cwd: join(root, workspace.folder), exclude: ['**/*.test.ts'] }))
    copyFile(join(root, workspace.folder, file), join(target, file));
}

/** Files that an export with a pattern (`./*.json`) gives out. */
function exportedData(root: string, workspace: Workspace): string[] {
  return Object.values(workspace.exports)
    .filter((file) => file.includes('*'))
    .flatMap((pattern) => globSync(pattern, { cwd: join(root, workspace.folder) }))
    .filter((file) => file !== 'package.json');
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

function writeManifest(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
