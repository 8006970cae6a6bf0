import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Terminal } from '../terminal.ts';

/** Writes a JSON result to a file (whole or not at all) or, for `-`, to standard output. */
export async function writeJson(terminal: Terminal, target: string | undefined, value: unknown): Promise<void> {
  if (target === undefined) return;
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (target === '-') {
    terminal.stdout.write(text);
    return;
  }
  const path = resolve(target);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  await writeFile(draft, text);
  await rename(draft, path);
}
