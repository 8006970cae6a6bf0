import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isTexts } from '../cache/json-shape.ts';

/** Size, times of change in nanoseconds, inode, mode, and the content's hash when they were so. */
export type KnownHash = readonly [size: string, mtime: string, ctime: string, inode: string, mode: string, hash: string];

export function isKnownHash(value: unknown): value is KnownHash {
  return isTexts(value, 6);
}

/**
 * A file that was written this short a time before it was read may change again without a sign: its hash is not kept (git calls such an
 * entry "racily clean").
 */
const RACY_NS = 50_000_000n;

/**
 * Hashes of files, read again only where a file's size, times or inode changed. Reads are synchronous: for the small files of a package
 * that is several times quicker than going through the thread pool.
 */
export class FileHashes {
  readonly #root: string;
  readonly #known: Map<string, KnownHash>;
  #changed = false;

  constructor(root: string, known: ReadonlyMap<string, KnownHash>) {
    this.#root = root;
    this.#known = new Map(known);
  }

  /** SHA-256 of a file's content, in hex with its kind and executable bit before it; undefined where no file is there. */
  hash(path: string): string | undefined {
    const stat = lstatSync(join(this.#root, path), { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) return undefined;
    const known = this.#known.get(path);
    if (known !== undefined && isSame(known, stat)) return known[5];
    const hash = this.#read(path, stat);
    this.#changed = true;
    if (BigInt(Date.now()) * 1_000_000n - stat.mtimeNs > RACY_NS) this.#known.set(path, [...signature(stat), hash]);
    else this.#known.delete(path);
    return hash;
  }

  /** Whether `entries` are others than those it began with. */
  get hasChanged(): boolean {
    return this.#changed;
  }

  /** What a later run starts with. */
  get entries(): ReadonlyMap<string, KnownHash> {
    return this.#known;
  }

  #read(path: string, stat: BigIntStats): string {
    const file = join(this.#root, path);
    if (stat.isSymbolicLink()) return `link:${digest(readlinkSync(file))}`;
    return `${(stat.mode & 0o111n) === 0n ? 'file' : 'exec'}:${digest(readFileSync(file))}`;
  }
}

export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function signature(stat: BigIntStats): [string, string, string, string, string] {
  return [`${stat.size}`, `${stat.mtimeNs}`, `${stat.ctimeNs}`, `${stat.ino}`, `${stat.mode}`];
}

function isSame(known: KnownHash, stat: BigIntStats): boolean {
  return signature(stat).every((value, at) => known[at] === value);
}
