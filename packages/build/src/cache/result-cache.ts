import { copyFileSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digest } from '../files/file-hashes.ts';
import { isFullDisk } from '../files/full-disk.ts';
import { type CachedResult, type Output, readCachedResult } from './cached-result.ts';
import type { SharedResults } from './shared/shared-results.ts';

/** A file up to so many bytes is read and copied at once: the thread pool takes several times as long for it, of the main thread, too. */
const SMALL = 256 * 1024;

/**
 * Results of tasks by key, on disk. Contents are stored once, under their hash; a manifest is written last and by rename, so a crash
 * leaves no half entry. What does not hash to its name is thrown away when it is met, and counts as not there.
 */
export class ResultCache {
  readonly #folder: string;
  readonly #root: string;
  readonly #shared: SharedResults | undefined;
  /** Made by this process. */
  readonly #folders = new Set<string>();
  #partials = 0;

  /** @param folder of the cache; @param root of the workspace, which outputs are relative to; @param shared what other machines made */
  constructor(folder: string, root: string, shared?: SharedResults) {
    this.#folder = folder;
    this.#root = root;
    this.#shared = shared;
  }

  /** @param directory of the package, which every output is in */
  find(key: string, directory: string): CachedResult | undefined {
    const file = this.#manifest(key);
    if (sizeOf(file) === undefined) return undefined;
    const read = readCachedResult(readFileSync(file, 'utf8'), directory);
    if (read === undefined) rmSync(file, { force: true });
    return read;
  }

  /** As `find`, but among what other machines made. */
  async findShared(key: string, directory: string): Promise<CachedResult | undefined> {
    const text = await this.#shared?.manifest(key);
    return text === undefined ? undefined : readCachedResult(text, directory);
  }

  /** Keeps a result, and offers it to other machines: `outputs` are paths with the hash that they have now. */
  async keep(key: string, result: { durationMs: number; log: string; outputs: readonly Output[] }): Promise<void> {
    const log = `file:${digest(result.log)}`;
    await this.#store(log, (to) => writeFileSync(to, result.log));
    for (const [path, hash] of result.outputs) {
      const from = join(this.#root, path);
      if (hash.startsWith('link:')) await this.#store(hash, (to) => writeFileSync(to, readlinkSync(from)));
      else await this.#store(hash, (to) => ((sizeOf(from) ?? 0) > SMALL ? copyFile(from, to) : copyFileSync(from, to)));
    }
    const manifest: CachedResult = { durationMs: result.durationMs, log, outputs: result.outputs };
    await this.#write(this.#manifest(key), (to) => writeFileSync(to, JSON.stringify(manifest)));
    const hashes = new Set([log, ...result.outputs.map(([, hash]) => hash)]);
    const contents = [...hashes].map((hash) => ({ hash, read: () => readFile(this.#object(hash)) }));
    this.#shared?.offer(key, JSON.stringify(manifest), contents);
  }

  /** Writes the outputs of a result and gives its log; undefined where the cache has lost or spoilt a part of it, which it forgets then. */
  async restore(key: string, result: CachedResult): Promise<string | undefined> {
    const contents = await Promise.all(result.outputs.map(async ([path, hash]) => ({ path, hash, bytes: await this.#content(hash) })));
    const log = await this.#content(result.log);
    if (log === undefined || contents.some(({ bytes }) => bytes === undefined)) {
      await rm(this.#manifest(key), { force: true });
      return undefined;
    }
    for (const { path, hash, bytes } of contents) if (bytes !== undefined) await put(join(this.#root, path), hash, bytes);
    if (sizeOf(this.#manifest(key)) === undefined) await this.#keepIfThereIsRoom(this.#manifest(key), Buffer.from(JSON.stringify(result)));
    return log.toString('utf8');
  }

  async #keepIfThereIsRoom(file: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#write(file, (to) => writeFileSync(to, bytes));
    } catch (error) {
      if (!isFullDisk(error)) throw error;
    }
  }

  /** What is not here is taken from other machines, and kept. */
  async #content(hash: string): Promise<Buffer | undefined> {
    const own = await this.#ownContent(hash);
    if (own !== undefined || this.#shared === undefined) return own;
    const bytes = await this.#shared.content(hash);
    if (bytes !== undefined) await this.#keepIfThereIsRoom(this.#object(hash), bytes);
    return bytes;
  }

  async #ownContent(hash: string): Promise<Buffer | undefined> {
    const file = this.#object(hash);
    const size = sizeOf(file);
    if (size === undefined) return undefined;
    const bytes = size > SMALL ? await readFile(file).catch(() => undefined) : readFileSync(file);
    if (bytes === undefined || digest(bytes) === hash.slice(hash.indexOf(':') + 1)) return bytes;
    rmSync(file, { force: true });
    return undefined;
  }

  async #store(hash: string, write: (to: string) => Promise<void> | void): Promise<void> {
    if ((await this.#ownContent(hash)) === undefined) await this.#write(this.#object(hash), write);
  }

  async #write(file: string, write: (to: string) => Promise<void> | void): Promise<void> {
    this.#partials += 1;
    const partial = `${file}.${process.pid}-${this.#partials}.partial`;
    const folder = dirname(file);
    if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
    try {
      await write(partial);
      renameSync(partial, file);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  }

  #manifest(key: string): string {
    return join(this.#folder, 'results', key.slice(0, 2), `${key}.json`);
  }

  #object(hash: string): string {
    const name = hash.slice(hash.indexOf(':') + 1);
    return join(this.#folder, 'contents', name.slice(0, 2), name);
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

async function put(file: string, hash: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  if (hash.startsWith('link:')) return symlink(bytes.toString('utf8'), file);
  await writeFile(file, bytes);
  if (hash.startsWith('exec:')) await chmod(file, 0o755);
}
