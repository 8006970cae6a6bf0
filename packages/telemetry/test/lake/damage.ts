import { readFileSync, writeFileSync } from 'node:fs';

/** Inverts one byte of a file, a third in. */
export function damage(file: string): void {
  const content = readFileSync(file);
  const middle = Math.floor(content.length / 3);
  content[middle] = (content[middle] ?? 0) ^ 0xff;
  writeFileSync(file, content);
}
