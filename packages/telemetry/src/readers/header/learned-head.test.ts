import { describe, expect, it } from 'vitest';
import { LineDetector } from '../line-detector.ts';
import type { LineRecord } from '../line-reader.ts';

const reference = Date.UTC(2024, 5, 1);

function readAll(lines: readonly string[]): LineRecord[] {
  const detector = new LineDetector([], lines);
  return lines.flatMap((line) => detector.read(line, { reference }));
}

const twelve = (line: (second: string, n: number) => string): string[] => Array.from({ length: 12 }, (_, n) => line(String(n + 10), n));

describe('LearnedHead', () => {
  it('tells the parts of a head that no reader knows', () => {
    const lines = twelve((second, n) => `240501 1000${second} 812 ${n % 4 === 0 ? 'ERROR' : 'INFO'} app.Store[main]: kept ${n} rows`);
    const [first] = readAll(lines);
    expect(first).toMatchObject({
      format: 'text',
      text: 'kept 0 rows',
      level: 'error',
      stamp: Date.UTC(2024, 4, 1, 10, 0, 10),
      fields: { pid: 812 },
    });
  });

  it('reads a severity of one letter behind process and thread', () => {
    const lines = twelve((second, n) => `05-01 10:00:${second}.250  1702  ${2300 + n} ${n === 3 ? 'E' : 'I'} Panel: row ${n} shown`);
    const records = readAll(lines);
    expect(records[3]).toMatchObject({ level: 'error', text: 'row 3 shown', stamp: Date.UTC(2024, 4, 1, 10, 0, 13, 250) });
    expect(records[4]).toMatchObject({ level: 'info', fields: { logger: 'Panel', pid: 1702 } });
  });

  it('takes the name of an error for text, and learns nothing of too few lines', () => {
    const known = twelve((second) => `2024-05-01 10:00:${second} ERROR TypeError: it is not a function`);
    expect(readAll(known)[0]?.text).toBe('TypeError: it is not a function');
    const few = ['05-01 10:00:01.250  1702  2300 E Panel: row', '05-01 10:00:02.250  1702  2300 I Panel: row'];
    expect(readAll(few)[0]?.text).toBe('1702  2300 E Panel: row');
  });

  it('goes further than a reader that made out the stamp and the severity only', () => {
    const threads = twelve((second, n) => `2024-05-01 10:00:${second},123 WARN [io-${n}] app.Store: kept ${n} rows`);
    expect(readAll(threads)[2]).toMatchObject({ text: 'kept 2 rows', level: 'warn', fields: { thread: 'io-2', logger: 'app.Store' } });
    const fields = twelve((second, n) => `20240501-10:00:${second}:606|Motor|12|on ${n}`);
    expect(readAll(fields)[2]).toMatchObject({
      text: 'on 2',
      stamp: Date.UTC(2024, 4, 1, 10, 0, 12, 606),
      fields: { logger: 'Motor', pid: 12 },
    });
  });

  it('adds the stamp that stands in front of names, where a reader made out the severity behind them', () => {
    const lines = twelve((second, n) => `- 17145576${second} R02-M1 RAS KERNEL FATAL row ${n} lost`);
    expect(readAll(lines)[1]).toMatchObject({ text: 'row 1 lost', level: 'fatal', stamp: 1_714_557_611_000 });
  });

  it('reads a severity that is run together with the date', () => {
    const lines = twelve((second, n) => `${n === 3 ? 'E' : 'I'}0501 10:00:${second}.250000  1702 server.go:45] row ${n} shown`);
    const stamp = Date.UTC(2024, 4, 1, 10, 0, 13, 250);
    expect(readAll(lines)[3]).toMatchObject({ text: 'row 3 shown', level: 'error', stamp, fields: { pid: 1702 } });
  });

  it('leaves lines without the head whole', () => {
    const lines = [...twelve((second, n) => `240501 1000${second} 812 INFO app.Store: kept ${n} rows`), 'and a line of its own'];
    expect(readAll(lines).at(-1)).toMatchObject({ format: 'plain', text: 'and a line of its own' });
  });
});
