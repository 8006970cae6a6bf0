import { createHash } from 'node:crypto';
import type { SourceOffset } from '@selfheal/contracts';
import { rotatedName } from './rotation.ts';

const HEAD_BYTES = 1024;

/** What tells a source from all others: the file's device and inode, and a hash of its first bytes (at most 1 KB). */
export interface Identity {
  device: number;
  inode: number;
  headBytes: number;
  headHash: string;
}

export interface SeenFile {
  path: string;
  device: number;
  inode: number;
  /** Inflated size where it is known without reading (plain files). */
  size: number | undefined;
  head: Buffer;
}

/** The saved offset that a file continues, or the identity of a new source. `copy`: a live file's copy, met before that was truncated. */
export type Known = { saved: SourceOffset } | { sourceId: string; identity: string } | { copy: true };

export const headBytes = HEAD_BYTES;

export function formatIdentity({ device, inode, headBytes: bytes, headHash }: Identity): string {
  return `${device}:${inode}:${bytes}:${headHash}`;
}

export function parseIdentity(text: string): Identity | undefined {
  const match = /^(\d+):(\d+):(\d+):([0-9a-f]+)$/.exec(text);
  if (match === null) return undefined;
  return { device: Number(match[1]), inode: Number(match[2]), headBytes: Number(match[3]), headHash: match[4] ?? '' };
}

/**
 * Matches the files of one pull against the saved offsets. A file goes on under its saved offset while it begins with the
 * same bytes and has not shrunk: renamed by rotation (same inode), copied before truncation or compressed (same bytes).
 * A file that was truncated or replaced is a new source.
 */
export function identify(projectId: string, files: readonly SeenFile[], offsets: readonly SourceOffset[]): Map<string, Known> {
  const result = new Map<string, Known>();
  const claimed = new Set<string>();
  const byGroup = Map.groupBy(offsets, (offset) => rotatedName(offset.path).group);
  const candidates = (file: SeenFile): SourceOffset[] => byGroup.get(rotatedName(file.path).group) ?? [];
  for (const sameInode of [true, false]) {
    for (const file of files) {
      if (result.has(file.path)) continue;
      const saved = candidates(file).find((offset) => !claimed.has(offset.id) && continues(file, offset, sameInode));
      if (saved === undefined) continue;
      claimed.add(saved.id);
      result.set(file.path, { saved });
    }
  }
  const newIds = new Set(offsets.map((offset) => offset.id));
  for (const file of files) {
    if (result.has(file.path)) continue;
    const isCopy = candidates(file).some((offset) => claimed.has(offset.id) && continues(file, offset, false));
    result.set(file.path, isCopy ? { copy: true } : newSource(projectId, file, newIds));
  }
  return result;
}

function newSource(projectId: string, file: SeenFile, taken: Set<string>): Known {
  const identity = formatIdentity({ device: file.device, inode: file.inode, headBytes: file.head.length, headHash: hash(file.head) });
  for (let generation = 0; ; generation += 1) {
    const seed = [projectId, rotatedName(file.path).group, file.device, file.inode, hash(firstLine(file.head)), generation].join('\n');
    const sourceId = createHash('sha256').update(seed).digest('hex').slice(0, 16);
    if (taken.has(sourceId)) continue;
    taken.add(sourceId);
    return { sourceId, identity };
  }
}

/** What stays the same of a short file while it grows, so that two runs that both find it new give it the same id. */
function firstLine(head: Buffer): Buffer {
  const end = head.indexOf(10);
  return end < 0 ? head : head.subarray(0, end);
}

function continues(file: SeenFile, offset: SourceOffset, sameInode: boolean): boolean {
  const identity = parseIdentity(offset.identity);
  if (identity === undefined || file.head.length < identity.headBytes) return false;
  const same = identity.device === file.device && identity.inode === file.inode;
  if (same !== sameInode) return false;
  if (file.size !== undefined && file.size < offset.offset) return false;
  return hash(file.head.subarray(0, identity.headBytes)) === identity.headHash;
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}
