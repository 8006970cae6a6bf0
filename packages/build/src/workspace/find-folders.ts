import { glob, readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** The folders that patterns name, relative to the root with `/`, sorted; those with `!` in front are left out. */
export async function findFolders(root: string, patterns: readonly string[]): Promise<readonly string[]> {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(trimmed);
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => trimmed(pattern.slice(1)));
  const simple = unwanted.length === 0 && wanted.every((pattern) => /^[^*?[\]{}()!+@]+(?:\/\*)?$/.test(pattern));
  const found = await (simple ? Promise.all(wanted.map((pattern) => childrenOf(root, pattern))) : matching(root, wanted, unwanted));
  return [...new Set(found.flat())].sort();
}

/** `packages/*` and plain names, as most workspaces have them: without the matcher, which takes longer to load than this to run. */
async function childrenOf(root: string, pattern: string): Promise<string[]> {
  if (!pattern.endsWith('/*')) return [pattern];
  const folder = pattern.slice(0, -2);
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : [`${folder}/${entry.name}`]));
}

async function matching(root: string, wanted: readonly string[], unwanted: readonly string[]): Promise<string[]> {
  const exclude = ['**/node_modules/**', ...unwanted.flatMap((pattern) => [pattern, `${pattern}/**`])];
  const manifests = wanted.map((pattern) => `${pattern}/package.json`);
  const found: string[] = [];
  for await (const file of glob(manifests, { cwd: root, exclude })) found.push(dirname(file).split(sep).join('/'));
  return found;
}

function trimmed(pattern: string): string {
  return pattern.replace(/^\.\//, '').replace(/\/+$/, '');
}
