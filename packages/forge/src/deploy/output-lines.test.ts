import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { OutputLines } from './output-lines.ts';

async function outputRig() {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-lines-'));
  const file = await open(join(folder, 'out'), 'ax+');
  onTestFinished(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });
  const lines = new OutputLines(file);
  const next = async (final = false): Promise<string[]> => {
    const found: string[] = [];
    for await (const line of lines.next(final)) found.push(line);
    return found;
  };
  return { print: (text: string) => file.appendFile(text), next };
}

it('gives each line once, when it is whole, and at the end what is left', async () => {
  const { print, next } = await outputRig();
  await print('one\n\ntwo\nthr');
  expect(await next()).toEqual(['one', '', 'two']);
  expect(await next()).toEqual([]);
  await print('ee\nfour');
  expect(await next()).toEqual(['three']);
  expect(await next(true)).toEqual(['four']);
  expect(await next(true)).toEqual([]);
});

it('reads more than a chunk, and lines over the border of two', async () => {
  const { print, next } = await outputRig();
  const lines = Array.from({ length: 20_000 }, (_, nth) => `line ${nth}`);
  await print(`${lines.join('\n')}\n`);
  expect(await next(true)).toEqual(lines);
});

it('leaves out a line that is too long to be looked through as a whole, and no more', async () => {
  const { print, next } = await outputRig();
  await print(`a\n${'x'.repeat(200_000)}`);
  expect(await next()).toEqual(['a']);
  await print(`${'y'.repeat(10)}\nb\n`);
  expect(await next()).toEqual(['(a line of more than 65536 bytes)', 'b']);
  await print('z'.repeat(131_072));
  expect(await next(true)).toEqual(['(a line of more than 65536 bytes)']);
});
