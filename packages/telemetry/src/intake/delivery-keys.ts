import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntakeFolder } from './intake-folder.ts';
import { LineSplitter } from './line-splitter.ts';
import { sealLine, unsealLine } from './sealed-line.ts';
import { segmentNames } from './segment-name.ts';

/** A sender that got no answer delivers again: within seconds, and with back-off for minutes. */
const REMEMBERED_MS = 15 * 60_000;
const MAX_KEYS = 200_000;
const SUFFIX = '.keys';
/** Keys stand at the start of a line; a longer one is passed over. */
const MAX_LINE_BYTES = 67_108_864;

/** What was delivered lately, so that it is taken once: a sender cannot know whether its request was taken when the receiver died before it answered. */
export class DeliveryKeys {
  readonly #taken = new Map<string, number>();

  has(key: string, now: number): boolean {
    const at = this.#taken.get(key);
    return at !== undefined && now - at < REMEMBERED_MS;
  }

  add(key: string, now: number): void {
    this.#taken.delete(key);
    this.#taken.set(key, now);
    for (const [oldest, at] of this.#taken) {
      if (this.#taken.size <= MAX_KEYS && now - at < REMEMBERED_MS) return;
      this.#taken.delete(oldest);
    }
  }
}

/** The keys of all that stands in the segments of a folder, and of what was removed from it lately. Call it when all is durable. */
export async function loadKeys({ path: folder }: IntakeFolder, now: number): Promise<DeliveryKeys> {
  const keys = new DeliveryKeys();
  const saved = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
  for (const name of [...saved.sort(), ...(await segmentNames(folder))])
    for await (const key of keysIn(join(folder, name))) keys.add(key, now);
  return keys;
}

/** Keeps the keys of a segment that is about to be removed. Durable when it resolves. */
export async function saveKeys({ path: folder, disk }: IntakeFolder, name: string): Promise<void> {
  const lines: string[] = [];
  for await (const key of keysIn(join(folder, name))) lines.push(sealLine({ key, text: '' }));
  if (lines.length === 0) return;
  const file = await disk.create(join(folder, `${name}${SUFFIX}`));
  try {
    await file.write(Buffer.from(lines.join('')));
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.syncFolder(folder);
}

/** Removes the keys of segments that were removed long ago. */
export async function forgetKeys({ path: folder, disk }: IntakeFolder, now: number): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
  for (const name of names) {
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info !== undefined && now - info.mtimeMs > REMEMBERED_MS) await disk.remove(join(folder, name));
  }
}

async function* keysIn(path: string): AsyncGenerator<string> {
  const splitter = new LineSplitter({ encoding: 'utf8', offset: 0, line: 0, maxLineBytes: MAX_LINE_BYTES });
  for await (const chunk of createReadStream(path)) {
    for (const { text } of splitter.push(chunk)) {
      const key = text === undefined ? undefined : unsealLine(text)?.key;
      if (key !== undefined) yield key;
    }
  }
}
