import { git } from '@selfheal/repository';
import { repositoryPlace } from './place.ts';
import { listTree } from './tree.ts';

/** Lines (from 1) that `head` added or changed against `base`, by file relative to `root`. Files that it removed are left out. */
export async function changedLines({
  root,
  base,
  head,
}: {
  readonly root: string;
  readonly base: string;
  readonly head: string;
}): Promise<Map<string, number[]>> {
  const { prefix } = await repositoryPlace(root);
  const args = [
    'diff',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
    '--no-color',
    '--unified=0',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    base,
    head,
    '--',
    '.',
  ];
  const changed = new Map<string, number[]>();
  let lines: number[] | undefined;
  for (const line of (await git(root, args)).split('\n')) {
    const [, path] = /^\+\+\+ b\/(.+?)\t?$/.exec(line) ?? [];
    if (path !== undefined) {
      lines = [];
      changed.set(path.slice(prefix.length), lines);
    }
    const [, start, count] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (start !== undefined) for (let offset = 0; offset < Number(count ?? 1); offset += 1) lines?.push(Number(start) + offset);
  }
  return changed;
}

/** Paths, relative to `root`, that are symbolic links in a commit. */
export async function symbolicLinks({ root, commit }: { readonly root: string; readonly commit: string }): Promise<string[]> {
  const { top, prefix } = await repositoryPlace(root);
  const links = (await listTree(top, commit)).filter(({ mode, path }) => mode === '120000' && path.startsWith(prefix));
  return links.map(({ path }) => path.slice(prefix.length));
}
