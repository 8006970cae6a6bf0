import { gzipSync } from 'node:zlib';
import { isSelfhealError } from '@selfheal/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSeries, type SeriesRow } from './read-series.ts';
import { seriesTime } from './series-time.ts';

const NOON = Date.UTC(2014, 1, 14, 14, 30);

async function* chunksOf(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) yield bytes.subarray(at, at + Math.max(1, size));
}

async function rowsOf(bytes: Uint8Array | string, size?: number): Promise<SeriesRow[]> {
  const rows: SeriesRow[] = [];
  for await (const row of readSeries(chunksOf(Buffer.from(bytes), size), 'cpu.csv')) rows.push(row);
  return rows;
}

describe('seriesTime', () => {
  it.each([
    ['2014-02-14 14:30:00', NOON],
    ['2014-02-14 14:30:00.000000', NOON],
    ['2014-02-14T14:30:00Z', NOON],
    ['2014-02-14T15:30:00.250+01:00', NOON + 250],
    ['2014-02-14 14:30', NOON],
    ['2014/02/14 14:30:00', NOON],
    ['2014-02-14', Date.UTC(2014, 1, 14)],
    ['1392388200', NOON],
    ['1392388200.5', NOON + 500],
    ['1392388200000', NOON],
    ['1392388200000000', NOON],
    ['60', 60_000],
  ])('reads %s', (text, time) => expect(seriesTime(text)).toBe(time));

  it.each(['', 'yesterday', '2014-02-30', '2014-02-14 14:30:00 or so', '14:30:00', 'Feb 14 14:30:00', '-5', '2014-13-01'])(
    'does not take %j for a time',
    (text) => expect(seriesTime(text)).toBeUndefined(),
  );
});

describe('readSeries', () => {
  it('gives fields as they came, and times and values as numbers', async () => {
    expect(await rowsOf('timestamp,value\r\n2014-02-14 14:30:00, 1.50\r\n\r\n1392388500,-2e3')).toEqual([
      { line: 2, timestamp: '2014-02-14 14:30:00', timeMs: NOON, text: '1.50', value: 1.5 },
      { line: 4, timestamp: '1392388500', timeMs: NOON + 300_000, text: '-2e3', value: -2000 },
    ]);
  });

  it('finds the columns by their names, and does without a header', async () => {
    const [row] = await rowsOf('host,"Value","Timestamp"\n"a, b",7,"2014-02-14 14:30:00"\n');
    expect(row).toMatchObject({ timeMs: NOON, value: 7 });
    expect(await rowsOf('2014-02-14 14:30:00,7\n')).toMatchObject([{ line: 1, timeMs: NOON, value: 7 }]);
  });

  it.each(['', 'NaN', 'null', 'NA', '-inf'])('gives a row whose value is %j as one without a value', async (text) => {
    expect(await rowsOf(`timestamp,value\n60,${text}\n`)).toEqual([{ line: 2, timestamp: '60', timeMs: 60_000, text, value: Number.NaN }]);
  });

  it('reads gzip and UTF-16 as it reads plain text, in chunks of any size', async () => {
    const text = `timestamp,value\n${Array.from({ length: 500 }, (_, row) => `${row * 60},${row}`).join('\n')}\n`;
    const plain = await rowsOf(text);
    expect(plain).toHaveLength(500);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    for (const bytes of [gzipSync(text), wide, Buffer.from(`\u{FEFF}${text}`)]) {
      for (const size of [1, 7, bytes.length]) expect(await rowsOf(bytes, size)).toEqual(plain);
    }
  });

  it.each([
    ['timestamp,value\n60,1\nsoon,2\n', /line 3: "soon,2": its timestamp is none of .*\(path cpu\.csv\)/],
    ['timestamp,value\n60,1\n120,many\n', /line 3: "120,many": its value is no number/],
    ['timestamp,value\n60\n', /line 2: "60": it has 1 of the 2 fields needed/],
    ['a,b\n60,1\n', /line 1: "a,b": the first line is neither a header/],
    [`timestamp,value\n60,${'1'.repeat(70_000)}\n`, /line 2: the line is too long/],
    ['', /it is empty/],
  ])('says where a row is none (%#)', async (text, message) => {
    await expect(rowsOf(text)).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(message) });
  });

  it('says that a file is no text, or a gzip file torn', async () => {
    await expect(rowsOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]))).rejects.toMatchObject({ code: 'LOG_BINARY' });
    const torn = gzipSync('timestamp,value\n60,1\n').subarray(0, 20);
    await expect(rowsOf(torn)).rejects.toMatchObject({ code: 'LOG_TRUNCATED_GZIP' });
  });

  it('gives rows or one of our errors for any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ maxLength: 300 }).map((text) => Buffer.from(`timestamp,value\n${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 50 }), async (any, size) => {
        const outcome = await rowsOf(any, size).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || isSelfhealError(outcome)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
