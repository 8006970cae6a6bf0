import { chmod, copyFile, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digest } from '../files/file-hashes.ts';
import { type CachedResult, type Output, readCachedResult } from './cached-result.ts';

/**
 * Results of tasks by key, on disk. Contents are stored once, under their hash; a manifest is written last and by rename, so a crash
 * leaves no half entry. What does not hash to its name is thrown away when it is met, and counts as not there.
 */
export class ResultCache {
  readonly #folder: string;
  readonly #root: string;
  #partials = 0;

  /** @param folder of the cache; @param root of the workspace, which outputs are relative to */
  constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
  }

  /** @param directory of the package, which every output is in */
  async find(key: string, directory: string): Promise<CachedResult | undefined> {
    const text = await readFile(this.#manifest(key), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const read = readCachedResult(text, directory);
    if (read === undefined) await rm(this.#manifest(key), { force: true });
    return read;
  }

  /** Keeps a result: `outputs` are paths with the hash that they have now. */
  async keep(key: string, result: { durationMs: number; log: string; outputs: readonly Output[] }): Promise<void> {
    const log = `file:${digest(result.log)}`;
    await this.#store(log, (to) => writeFile(to, result.log));
    for (const [path, hash] of result.outputs) {
      const from = join(this.#root, path);
      if (hash.startsWith('link:')) await this.#store(hash, async (to) => writeFile(to, await readlink(from)));
      else await this.#store(hash, (to) => copyFile(from, to));
    }
    const manifest: CachedResult = { durationMs: result.durationMs, log, outputs: result.outputs };
    await this.#write(this.#manifest(key), (to) => writeFile(to, JSON.stringify(manifest)));
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
    return log.toString('utf8');
  }

  async #content(hash: string): Promise<Buffer | undefined> {
    const bytes = await readFile(this.#object(hash)).catch(() => undefined);
    if (bytes === undefined || digest(bytes) === hash.slice(hash.indexOf(':') + 1)) return bytes;
    await rm(this.#object(hash), { force: true });
    return undefined;
  }

  async #store(hash: string, write: (to: string) => Promise<void>): Promise<void> {
    if ((await this.#content(hash)) === undefined) await this.#write(this.#object(hash), write);
  }

  async #write(file: string, write: (to: string) => Promise<void>): Promise<void> {
    this.#partials += 1;
    const partial = `${file}.${process.pid}-${this.#partials}.partial`;
    await mkdir(dirname(file), { recursive: true });
    try {
      await write(partial);
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
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

async function put(file: string, hash: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  if (hash.startsWith('link:')) return symlink(bytes.toString('utf8'), file);
  await writeFile(file, bytes);
  if (hash.startsWith('exec:')) await chmod(file, 0o755);
}
