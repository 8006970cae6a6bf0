import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { SelfhealError } from '@selfheal/contracts';
import { describe, expect, it } from 'vitest';
import { readInput } from './read-input.ts';

const signal = new AbortController().signal;

async function read(chunks: Iterable<Uint8Array>, maxLineBytes = 1_000) {
  const taken: string[] = [];
  const rejected = await readInput(Readable.from(chunks), { take: async (lines) => void taken.push(...lines), maxLineBytes, signal });
  return { taken, rejected };
}

describe('readInput', () => {
  it('takes lines however they are cut into chunks, the last without an end mark too', async () => {
    const bytes = Buffer.from('one\r\ntwo grüße\n\nlast');
    for (const size of [1, 2, 7, 100]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, index * size + size),
      );
      expect((await read(chunks)).taken).toEqual(['one', 'two grüße', '', 'last']);
    }
    expect((await read([])).taken).toEqual([]);
  });

  it('reads UTF-16, and refuses what is no text', async () => {
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('INFO grüße\nzwei\n', 'utf16le')]);
    expect((await read([wide])).taken).toEqual(['INFO grüße', 'zwei']);
    await expect(read([gzipSync('a log')])).rejects.toMatchObject({ code: 'LOG_BINARY', detail: expect.stringContaining('gunzip') });
    await expect(read([Buffer.from('SQLite format 3\0')])).rejects.toMatchObject({ code: 'LOG_BINARY' });
  });

  it('leaves out a line of 1 GB within bounded memory, and reads its neighbours', async () => {
    const block = Buffer.alloc(4_194_304, 'x');
    function* input() {
      yield Buffer.from('before\n');
      for (let sent = 0; sent < 1_073_741_824; sent += block.length) yield block;
      yield Buffer.from('\nafter\n');
    }
    const before = process.memoryUsage.rss();
    const { taken, rejected } = await read(input());
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
    expect(taken).toEqual(['before', 'after']);
    expect(rejected).toMatchObject([{ path: 'standard input', code: 'LOG_LIMIT', offset: 7, bytes: 1_073_741_825 }]);
  });

  it('waits while there is no room, and offers the same lines again', async () => {
    const taken: string[] = [];
    let made = 0;
    const take = async (lines: readonly string[]) => {
      if (made < 2) throw new SelfhealError('INTAKE_FULL', 'full');
      taken.push(...lines);
    };
    const makeRoom = async () => {
      made += 1;
    };
    await readInput(Readable.from([Buffer.from('a\nb\n')]), { take, makeRoom, maxLineBytes: 100, signal });
    expect([taken, made]).toEqual([['a', 'b'], 2]);
    const broken = async () => {
      throw new Error('EIO');
    };
    await expect(readInput(Readable.from([Buffer.from('a\n')]), { take: broken, maxLineBytes: 100, signal })).rejects.toThrow('EIO');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const taken: string[] = [];
    async function* input() {
      yield Buffer.from('one\n');
      controller.abort();
      yield Buffer.from('two\n');
    }
    await readInput(input(), { take: async (lines) => void taken.push(...lines), maxLineBytes: 100, signal: controller.signal });
    expect(taken).toEqual(['one']);
  });
});
