import type { SourceSnapshot } from '@selfheal/contracts';
import { git, gitBytes } from '@selfheal/repository';
import { type SourceKind, sourceKind } from './source-kind.ts';

const MAX_CODE_BYTES = 1024 * 1024;
const MAX_DATA_BYTES = 128 * 1024;
const MAX_TOTAL_BYTES = 48 * 1024 * 1024;
const REGULAR_FILE = /^100(?:644|755|664)$/;

interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
  readonly bytes: number;
  readonly path: string;
  readonly kind: SourceKind;
}

/**
 * Reads source, test, sequence, package and documentation files of the repository as they stand in a commit, from git's objects
 * and never from the working tree. `root` may be a folder inside a repository: paths are relative to it. Symbolic links,
 * submodules, binaries and files over the caps are listed in `leftOut` as `path (reason)`.
 * Fails with GIT_FAILED.
 */
export async function readSnapshot({ root, commit }: { root: string; commit: string }): Promise<SourceSnapshot> {
  const leftOut: string[] = [];
  const wanted: TreeEntry[] = [];
  let total = 0;
  for (const entry of orderForCaps(await listTree(root, commit))) {
    const reason = reasonToLeaveOut(entry, total);
    if (reason === undefined) {
      wanted.push(entry);
      total += entry.bytes;
    } else if (reason !== 'not source') {
      leftOut.push(`${entry.path} (${reason})`);
    }
  }
  const files: Record<string, string> = {};
  const texts = await readBlobs(root, wanted);
  for (const [index, entry] of wanted.entries()) {
    const text = texts[index];
    if (text === undefined) leftOut.push(`${entry.path} (binary)`);
    else files[entry.path] = text;
  }
  return { commit, files: Object.fromEntries(Object.entries(files).sort(byKey)), leftOut: leftOut.sort() };
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function listTree(root: string, commit: string): Promise<TreeEntry[]> {
  const listing = await git(root, ['ls-tree', '-r', '-z', '--long', commit]);
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , oid = '', size = '0'] = line.slice(0, tab).split(/ +/);
      const path = line.slice(tab + 1);
      return { mode, oid, bytes: Number(size) || 0, path, kind: sourceKind(path) };
    });
}

/** Code first, so that a heap of data files can never push code over the total cap. */
function orderForCaps(entries: readonly TreeEntry[]): TreeEntry[] {
  const rank = (entry: TreeEntry) => (entry.kind === 'source' || entry.path.endsWith('package.json') ? 0 : entry.kind === 'test' ? 1 : 2);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}

function reasonToLeaveOut(entry: TreeEntry, total: number): string | undefined {
  if (entry.kind === 'vendored') return 'not source';
  if (entry.mode === '120000') return 'symbolic link';
  if (entry.mode === '160000') return 'submodule';
  if (entry.kind === 'other' || !REGULAR_FILE.test(entry.mode)) return 'not source';
  const cap = entry.kind === 'json' || entry.kind === 'text' ? MAX_DATA_BYTES : MAX_CODE_BYTES;
  if (entry.bytes > cap) return `larger than ${cap} bytes`;
  return total + entry.bytes > MAX_TOTAL_BYTES ? 'total size cap' : undefined;
}

/** Texts in the order of the entries; undefined for content that is not text. */
async function readBlobs(root: string, entries: readonly TreeEntry[]): Promise<(string | undefined)[]> {
  if (entries.length === 0) return [];
  const bytes = await gitBytes(root, ['cat-file', '--batch'], { input: `${entries.map((entry) => entry.oid).join('\n')}\n` });
  const texts: (string | undefined)[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let at = 0;
  for (const entry of entries) {
    const headerEnd = bytes.indexOf(0x0a, at);
    const content = bytes.subarray(headerEnd + 1, headerEnd + 1 + entry.bytes);
    texts.push(content.includes(0) ? undefined : decoder.decode(content));
    at = headerEnd + 1 + entry.bytes + 1;
  }
  return texts;
}
