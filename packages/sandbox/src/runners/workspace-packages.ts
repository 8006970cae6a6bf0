import { glob, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parse } from 'yaml';
import { readManifest } from './detect.ts';

export interface WorkspacePackage {
  /** Relative to the repository. */
  readonly folder: string;
  readonly name: string | undefined;
}

/** Packages of a workspace of npm, yarn, bun (`workspaces` of package.json), pnpm (pnpm-workspace.yaml) or lerna, by folder; empty where it is none. */
export async function workspacePackages(root: string): Promise<WorkspacePackage[]> {
  const patterns = await packagePatterns(root);
  const included = await foldersOf(
    root,
    patterns.filter((pattern) => !pattern.startsWith('!')),
  );
  const excluded = await foldersOf(
    root,
    patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  );
  const folders = [...included].filter((folder) => folder !== '.' && !excluded.has(folder)).sort();
  return Promise.all(
    folders.map(async (folder) => {
      const { name } = await readManifest(join(root, folder));
      return { folder, name: typeof name === 'string' ? name : undefined };
    }),
  );
}

async function packagePatterns(root: string): Promise<string[]> {
  const pnpm = await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8').catch(() => undefined);
  if (pnpm !== undefined) return stringsOf(member(parsed(pnpm), 'packages'));
  const { workspaces } = await readManifest(root);
  const listed = Array.isArray(workspaces) ? workspaces : member(workspaces, 'packages');
  if (listed !== undefined) return stringsOf(listed);
  const lerna = await readFile(join(root, 'lerna.json'), 'utf8').catch(() => undefined);
  return lerna === undefined ? [] : stringsOf(member(parsed(lerna), 'packages'));
}

/** JSON is YAML too. A file that is neither says nothing. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

async function foldersOf(root: string, patterns: readonly string[]): Promise<Set<string>> {
  const folders = new Set<string>();
  for (const pattern of patterns) {
    const manifests = posix.join(pattern, 'package.json');
    for await (const file of glob(manifests, { cwd: root, exclude: (name) => /(^|\/)(node_modules|\.git)$/.test(name) })) {
      folders.add(posix.dirname(file));
    }
  }
  return folders;
}
