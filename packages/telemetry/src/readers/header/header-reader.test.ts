import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Header, HeaderReader } from './header-reader.ts';
import { learnLayout } from './layout.ts';

const read = (lines: readonly string[]): { text: string; header: Header }[] => {
  const reader = new HeaderReader(learnLayout(lines));
  return lines.map((line) => ({ text: line.slice(reader.end(line)), header: reader.header(line) }));
};

describe('HeaderReader', () => {
  it.each<[string[], string[]]>([
    [
      ['2024-05-01 10:00:00,123 INFO [main] c.e.App: ready', '2024-05-01 10:00:01,123 WARN [io-1] c.e.Db: slow query: 5'],
      ['ready', 'slow query: 5'],
    ],
    [
      ['03-17 16:13:38.811  1702  2395 D Window: opening: 1', '03-17 16:13:38.819  1702  8671 I Power: lock=2'],
      ['opening: 1', 'lock=2'],
    ],
    [
      ['[Sun Dec 04 04:47:44 2005] [notice] ok', '[Sun Dec 04 04:51:08 2005] [error] [client 1.2.3.4] denied'],
      ['ok', '[client 1.2.3.4] denied'],
    ],
    [
      ['20171223-22:15:29:606|Step|3000|on 3', '20171223-22:15:9:6|Step|3000|a | b'],
      ['on 3', 'a | b'],
    ],
    [
      ['Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass', 'Jun 14 15:16:02 combo su[3]: opened'],
      ['check pass', 'opened'],
    ],
    [
      ['[10.30 16:49:06] app.exe - a.example open', '[10.30 16:49:06] app.exe *64 - b.example close'],
      ['a.example open', 'b.example close'],
    ],
    [
      ['I0501 10:00:00.123456    12 server.go:45] listening', 'W0501 10:00:01.123456    12 main.go:7] closing'],
      ['listening', 'closing'],
    ],
    [
      ['INFO: hello', 'WARNING: bye'],
      ['hello', 'bye'],
    ],
    [
      ['no head at all', 'none here either'],
      ['no head at all', 'none here either'],
    ],
  ])('cuts the heads off %j', (lines, texts) => {
    expect(read(lines).map(({ text }) => text)).toEqual(texts);
  });

  it('tells stamp, level, source, thread and pid', () => {
    const [first] = read(['2024-05-01T10:00:00Z 812 WARN [worker-3] app.Db: slow', '2024-05-01T10:00:01Z 812 INFO [main] app.Web: ready']);
    expect(first?.header).toEqual({ stamp: '2024-05-01T10:00:00Z', pid: 812, level: 'warn', thread: 'worker-3', source: 'app.Db' });
    expect(read(['Jun 14 15:16:01 combo sshd[42]: hi', 'Jun 14 15:16:01 combo su[3]: ho'])[0]?.header).toMatchObject({
      source: 'sshd',
      pid: 42,
    });
  });

  it('tells a request id from a thread', () => {
    const lines = ['07c8a1f2-1b3c-4d5e-8f90-a1b2c3d4e5f6 u1 -', '17c8a1f2-1b3c-4d5e-8f90-a1b2c3d4e5f6 u2 -'].map(
      (id, n) => `2024-05-01 10:00:0${n}.5 812 INFO app.api [req-${id}] hello ${n}`,
    );
    const [first] = read(lines);
    expect(first?.text).toBe('hello 0');
    expect(first?.header).toMatchObject({ requestId: 'req-07c8a1f2-1b3c-4d5e-8f90-a1b2c3d4e5f6', pid: 812 });
  });

  it('leaves lines without the head whole, and texts that begin like a head', () => {
    const lines = [...Array.from({ length: 20 }, (_, n) => `2024-05-01 10:00:${n + 10} ERROR app failed ${n}`), '  at Foo.bar (x.js:1)'];
    lines[3] = '2024-05-01 10:00:59 ERROR db: lost';
    const texts = read(lines).map(({ text }) => text);
    expect(texts.at(-1)).toBe('  at Foo.bar (x.js:1)');
    expect(texts[3]).toBe('db: lost');
  });

  it('reads any lines, and never beyond their end', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('2024-05-01 10:00:00 INFO a: b', '[', '| | |', '[[[[', 'Jan', 'INFO'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const reader = new HeaderReader(learnLayout(lines));
        for (const text of [...lines, `${lines[0] ?? ''}|`]) expect(reader.end(text)).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 150 },
    );
  });
});
