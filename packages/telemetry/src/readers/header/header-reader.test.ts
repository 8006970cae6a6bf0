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
      ['05-01 10:00:01.250  12  40 D Panel: shown: 1', '05-01 10:00:02.251  12  41 I Motor: speed=2'],
      ['shown: 1', 'speed=2'],
    ],
    [
      ['[Wed May 01 10:00:00 2024] [notice] ok', '[Wed May 01 10:00:08 2024] [error] [peer 1.2.3.4] refused'],
      ['ok', '[peer 1.2.3.4] refused'],
    ],
    [
      ['20240501-10:00:29:606|Motor|12|on 3', '20240501-10:1:9:6|Motor|12|a | b'],
      ['on 3', 'a | b'],
    ],
    [
      ['May 11 10:00:01 host mailer(queue)[812]: sent', 'May 11 10:00:02 host cron[3]: opened'],
      ['sent', 'opened'],
    ],
    [
      ['[05.01 10:00:06] editor.app - a.example opened', '[05.01 10:00:07] editor.app +2 - b.example closed'],
      ['a.example opened', 'b.example closed'],
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
      ['INFO:root:hello: 1', 'WARNING:app.db:bye', '  at Foo.bar'],
      ['hello: 1', 'bye', '  at Foo.bar'],
    ],
    [
      ['<14>1 2024-05-01T10:00:00Z h a 1 - [a x="1"][b y="2"] hello', '<11>1 2024-05-01T10:00:01Z h b - ID7 - bye'],
      ['hello', 'bye'],
    ],
    [
      ['2024/05/01 10:00:00 [error] 35#2: *26 refused', '2024/05/01 10:00:01 [notice] 35#0: started'],
      ['*26 refused', 'started'],
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
    expect(read(['May 11 10:00:01 host mailer[42]: hi', 'May 11 10:00:01 host cron[3]: ho'])[0]?.header).toMatchObject({
      source: 'mailer',
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
