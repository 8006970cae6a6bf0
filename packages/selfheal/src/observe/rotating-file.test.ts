import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRotatingFile } from './rotating-file.ts';

let folder: string;
let path: string;
const errors: unknown[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-rotate-'));
  path = join(folder, 'beats.ndjson');
  errors.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (files = 3, maxBytes = 100) => openRotatingFile({ path, maxBytes, files, onError: (error) => errors.push(error) });
const line = (number: number) => `line ${String(number).padStart(4, '0')}\n`;
const textOf = (names: readonly string[]) => names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');

describe('a rotating file', () => {
  it('keeps the newest lines in order, in so many files of bounded size', async () => {
    const file = open();
    for (let number = 0; number < 200; number++) file.write(line(number));
    await file.close();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['beats.ndjson', 'beats.ndjson.1', 'beats.ndjson.2', 'beats.ndjson.3']);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
    const kept = textOf(['beats.ndjson.3', 'beats.ndjson.2', 'beats.ndjson.1', 'beats.ndjson']);
    expect(kept).toBe(
      Array.from({ length: 200 }, (_, number) => line(number))
        .slice(-kept.length / 10)
        .join(''),
    );
    expect(errors).toEqual([]);
  });

  it('goes on in the file of the process before', async () => {
    writeFileSync(path, line(0).repeat(10));
    const file = open();
    file.write(line(1));
    file.write(line(2));
    await file.close();
    expect(textOf(['beats.ndjson.1'])).toBe(line(0).repeat(10));
    expect(textOf(['beats.ndjson'])).toBe(line(1) + line(2));
  });

  it('keeps a line that is longer than a file may be, and none of the past where no file is to be kept', async () => {
    const file = open(0, 20);
    file.write(line(1));
    file.write(`${'x'.repeat(50)}\n`);
    await file.close();
    expect(readdirSync(folder)).toEqual(['beats.ndjson']);
    expect(textOf(['beats.ndjson'])).toBe(`${'x'.repeat(50)}\n`);
  });

  it('tells what it could not write, and tries the next lines again', async () => {
    mkdirSync(path);
    const file = open();
    file.write(line(1));
    await file.close();
    expect(errors).toHaveLength(1);
    rmSync(path, { recursive: true });
    file.write(line(2));
    await file.close();
    expect(textOf(['beats.ndjson'])).toBe(line(2));
  });
});
