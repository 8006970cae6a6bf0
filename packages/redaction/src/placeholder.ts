import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_CACHED = 2048;
export const PLACEHOLDER = /<redacted:[a-z-]+:[0-9a-f]{8}>/;

/** Makes `<redacted:kind:abcd1234>`: a keyed hash, so that equal secrets stay equal and none can be guessed back from a table. */
export class Placeholders {
  readonly #key: Buffer;
  readonly #cache = new Map<string, string>();

  constructor(key: Buffer) {
    this.#key = key;
  }

  of(kind: string, secret: string): string {
    const known = this.#cache.get(secret);
    if (known !== undefined) return `<redacted:${kind}:${known}>`;
    const hash = createHmac('sha256', this.#key).update(secret).digest('hex').slice(0, 8);
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(secret, hash);
    return `<redacted:${kind}:${hash}>`;
  }
}

/** The key of this installation: made once, readable by its owner alone, kept beside the journal. */
export async function placeholderKey(directory: string): Promise<Buffer> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'redaction.key');
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(32));
    await file.sync();
  } finally {
    await file.close();
  }
  // A link fails where another process was first: then its key counts.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
  return await readFile(path);
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    const key = await readFile(path);
    return key.length === 32 ? key : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
