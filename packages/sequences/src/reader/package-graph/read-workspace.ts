import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText } from '../decode-text.ts';
import { type FileOptions, readSequenceFile } from '../read-files.ts';
import { type ReadResult, readSequence } from '../read-sequence.ts';

/**
 * The package graph of an npm workspace: a node for each package that the root's `workspaces` match, depending on those it
 * names in any of its dependency lists. Findings name the root's package.json.
 */
export async function readWorkspace(folder: string, options: FileOptions = {}): Promise<ReadResult> {
  const file = join(folder, 'package.json');
  const root = await readManifest(file);
  if (!root) return readSequenceFile(file, options);
  const manifests = await readMembers(folder, patternsOf(root));
  const names = manifests.map(({ name }) => name);
  const packages = manifests.map(({ name, path, content }) => ({
    packageName: name,
    packagePath: path,
    category: 'workspace',
    dependencies: dependenciesOf(content).filter((dependency) => names.includes(dependency)),
  }));
  return readSequence(JSON.stringify({ id: 'workspace-build', name: nameOf(root) ?? 'workspace', packages }, null, 2), {
    ...options,
    file,
  });
}

type Manifest = Readonly<Record<string, unknown>>;

interface Member {
  readonly name: string;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly content: Manifest;
}

async function readMembers(folder: string, patterns: readonly string[]): Promise<Member[]> {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map((pattern) => `${trimmed(pattern)}/package.json`);
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => `${trimmed(pattern.slice(1))}/package.json`);
  const files = new Set<string>();
  for await (const file of glob(wanted, { cwd: folder, exclude: ['**/node_modules/**', ...unwanted] })) files.add(file);
  const members = await Promise.all(
    [...files].sort().map(async (file) => {
      const content = await readManifest(join(folder, file));
      const name = content && nameOf(content);
      return content && name !== undefined ? { name, path: dirname(file).replaceAll('\\', '/'), content } : undefined;
    }),
  );
  return members.filter((member) => member !== undefined);
}

function trimmed(pattern: string): string {
  return pattern.replace(/^\.\//, '').replace(/\/+$/, '');
}

/** `workspaces: [...]`, or `workspaces: { packages: [...] }`. */
function patternsOf(root: Manifest): string[] {
  const { workspaces } = root;
  const list = isManifest(workspaces) ? workspaces.packages : workspaces;
  return Array.isArray(list) ? list.filter((pattern) => typeof pattern === 'string') : [];
}

const DEPENDENCY_LISTS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

function dependenciesOf(manifest: Manifest): string[] {
  const names = DEPENDENCY_LISTS.flatMap((list) => {
    const dependencies = manifest[list];
    return isManifest(dependencies) ? Object.keys(dependencies) : [];
  });
  return [...new Set(names)].filter((name) => name !== nameOf(manifest));
}

function nameOf(manifest: Manifest): string | undefined {
  return typeof manifest.name === 'string' && manifest.name !== '' ? manifest.name : undefined;
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    const content: unknown = JSON.parse(decodeText(await readFile(file)) ?? '');
    return isManifest(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
