import { appendFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LineSourceOptions, openLineSource } from './line-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selfheal-lines-'));
});

async function written(bytes: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'f-')), 'a.log');
  await writeFile(path, bytes);
  return path;
}

async function lines(path: string, options?: LineSourceOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of (await openLineSource(path, options)).read()) found.push(...batch);
  return found;
}

describe('openLineSource', () => {
  it.each<[string, string | Uint8Array]>([
    ['plain', 'a\n\nb\r\nc'],
    ['gzip', gzipSync('a\n\nb\nc\n')],
    ['UTF-16', Buffer.from('\ufeffa\n\nb\nc\n', 'utf16le')],
    ['marked UTF-8', '\ufeffa\n\nb\nc\n'],
  ])('reads the lines of a %s file, blank ones too', async (_kind, bytes) => {
    expect(await lines(await written(bytes))).toEqual(['a', '', 'b', 'c']);
  });

  it('reads the same in each pass, though the file grows', async () => {
    const path = await written('a\nb\n');
    const source = await openLineSource(path);
    await appendFile(path, 'c\n');
    const found: string[] = [];
    for await (const batch of source.read()) found.push(...batch);
    expect(found).toEqual(['a', 'b']);
  });

  it('reads a column of a CSV file', async () => {
    expect(await lines(await written('n,text\n1,"a, b"\n'), { contentColumn: 'text' })).toEqual(['a, b']);
  });

  it('says what cannot be read', async () => {
    await expect(lines(join(folder, 'absent'))).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
    await expect(lines(folder)).rejects.toMatchObject({ code: 'LOG_UNREADABLE' });
    await expect(lines(await written(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2)))).rejects.toMatchObject({ code: 'LOG_BINARY' });
    const whole = gzipSync('a line of text\n'.repeat(1_000));
    await expect(lines(await written(whole.subarray(0, whole.length - 20)))).rejects.toMatchObject({ code: 'LOG_TRUNCATED_GZIP' });
  });

  it('stops when it is told to', async () => {
    await expect(lines(await written('a\n'), { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });
});
