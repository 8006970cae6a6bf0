import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One workspace that goes into the published package. */
export interface Workspace {
  /** Such as `@selfheal/contracts`. */
  readonly name: string;
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly version: string;
  /** From an export's name to its file within the folder, as the manifest has it; without rigs for tests (`./testing`). */
  readonly exports: Readonly<Record<string, string>>;
  /** Sources that it reads as text at run time, as patterns within the folder: `files` of the manifest. */
  readonly texts: readonly string[];
  /** What it needs at run time, ours and others', with ranges. */
  readonly dependencies: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly workspaces?: readonly string[];
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

/** The workspaces that `entries` (package names) need at run time, themselves included, ordered by name. Test rigs are not among them. */
export function publishedWorkspaces(root: string, entries: readonly string[]): Workspace[] {
  const known = allWorkspaces(root);
  const reached = new Map<string, Workspace>();
  const visit = (name: string) => {
    const workspace = known.get(name);
    if (workspace === undefined || reached.has(name)) return;
    reached.set(name, workspace);
    for (const dependency of Object.keys(workspace.dependencies)) visit(dependency);
  };
  for (const entry of entries) visit(entry);
  return [...reached.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function allWorkspaces(root: string): ReadonlyMap<string, Workspace> {
  const folders = globSync([...(readManifest(root, '.').workspaces ?? [])], { cwd: root });
  return new Map(
    folders.map((path) => {
      const folder = path.replaceAll('\\', '/');
      const { name, version, exports = {}, dependencies = {}, files = [] } = readManifest(root, folder);
      const published = Object.entries(exports).filter(([key]) => !/^\.\/testing(\/|$)/.test(key));
      return [name, { name, folder, version, exports: Object.fromEntries(published), dependencies, texts: files }] as const;
    }),
  );
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
