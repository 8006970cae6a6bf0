import { Placeholders, Redactor } from '@selfheal/redaction';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLines, type PlacedLine } from '../extract/join-lines.ts';
import { LineSplitter } from '../intake/line-splitter.ts';
import { builtInReaders, LineDetector } from './line-detector.ts';
import type { LineRecord } from './line-reader.ts';

const context = { reference: Date.UTC(2024, 4, 2) };
const MARKER = '{"level":"info","time":"2024-05-01T10:00:00.000Z","msg":"the line after"}';

/** What real lines are made of, so that arbitrary lines get past the first look of every reader. */
const fragment = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '=',
    ':',
    ' ',
    '\t',
    '|',
    '<',
    '>',
    '-',
    '%',
    ',',
    '<14>1 ',
    '[Nest] 1 - ',
    '{"resourceLogs":[',
  ),
  fc.constantFrom(
    '2024-05-01T10:00:00Z',
    'May  1 10:00:00',
    '01/May/2024:10:00:00 +0000',
    '1714557600123',
    '[10:00:00 INF]',
    '99:99:99',
    '0000-00-00',
  ),
  fc.constantFrom(
    'ERROR',
    'info:',
    '"level":',
    '"time":',
    '"msg":',
    'handler: x duration: 1ms',
    'BeatExecutor: Beat 1 (',
    'DataBaton: | seq=',
    'at f (a.js:1:2)',
  ),
  fc.constantFrom(
    '"resourceSpans":[{"scopeSpans":[{"spans":[{',
    '"attributes":[{"key":"a","value":{"kvlistValue":',
    'GET /a HTTP/1.1" 200',
    '{"log":"',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer().map(String),
  fc.double().map(String),
);
const anyLine = fc.oneof(
  fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.json(),
  fc.jsonValue().map((value) => JSON.stringify({ time: value, level: value, msg: value, err: value, resourceLogs: value })),
  fc.jsonValue().map((value) =>
    JSON.stringify({
      resourceSpans: [{ resource: value, scopeSpans: [{ spans: [value, { attributes: value, events: value, status: value }] }] }],
    }),
  ),
  fc
    .jsonValue()
    .map((value) => JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: value, sum: { dataPoints: value } }] }] }] })),
);

describe.each(builtInReaders.map((reader) => [reader.name, reader] as const))('the reader of %s', (_, reader) => {
  it('reads or refuses whatever stands in a line', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const found = reader.read(line, context);
        for (const record of found === undefined ? [] : asList(found)) expectWhole(record);
      }),
      { numRuns: 400 },
    );
  });
});

describe('the detector of lines', () => {
  it('gives every line at least one record, and forgets nothing of a line for what came before it', () => {
    const alone = new LineDetector().read(MARKER, context);
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 6 }), (lines) => {
        const detector = new LineDetector();
        for (const line of lines) for (const record of detector.read(line, context)) expectWhole(record);
        expect(detector.read(MARKER, context)).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  it('reads or refuses whatever head it learned of arbitrary lines', () => {
    const headed = fc.tuple(
      fc.constantFrom('2024-05-01 10:00:00 INFO ', 'I0501 10:00:00.1 7 ', '<14>1 ', 'INFO:a:', '- 1714557600 '),
      anyLine,
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            anyLine,
            headed.map(([head, line]) => head + line),
          ),
          { minLength: 10, maxLength: 14 },
        ),
        (lines) => {
          const detector = new LineDetector([], lines);
          for (const line of lines) {
            const records = detector.read(line, context);
            expect(records.length > 0 || line.startsWith('{')).toBe(true);
            for (const record of records) expectWhole(record);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reads the lines after arbitrary bytes, however they are cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), fc.integer({ min: 1, max: 64 }), (parts, size) => {
        const bytes = Buffer.concat([...parts.flatMap((part) => [Buffer.from(part), Buffer.from('\n')]), Buffer.from(`${MARKER}\n`)]);
        const lines = linesOf(bytes, size);
        const detector = new LineDetector();
        const texts = [...joinLines(lines, () => true)].flatMap((joined) => detector.read(joined.text, context)).map(({ text }) => text);
        expect(texts.at(-1)).toBe('the line after');
        expect(lines.at(-1)?.offset).toBe(bytes.length - MARKER.length - 1);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['braces', '{"a":'.repeat(200_000)],
    ['an array in an OTLP export', `{"resourceLogs":${'['.repeat(500_000)}`],
    [
      'a value in an OTLP export',
      `{"resourceLogs":[{"resource":{"attributes":[{"key":"a","value":${'{"kvlistValue":{"values":[{"key":"b","value":'.repeat(20_000)}`,
    ],
    ['pairs', 'a=b '.repeat(300_000)],
    ['quotes', `a="${'\\"'.repeat(500_000)}`],
    ['brackets', '[a] '.repeat(300_000)],
    ['stamps', '2024-05-01T10:00:00Z '.repeat(50_000)],
    ['blanks', ' '.repeat(1_000_000)],
  ])('gets through a line of nothing but %s: anything worse than linear would not end', (_, line) => {
    const detector = new LineDetector();
    expect(detector.read(line, context).length).toBeGreaterThan(0);
    expect(detector.read(MARKER, context).map(({ text }) => text)).toEqual(['the line after']);
  });
});

describe('the redaction of lines', () => {
  it('never fails, leaves the lines after it alone, and changes nothing when it is done twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyLine, fc.constantFrom('password=', 'token: "', '-----BEGIN PRIVATE KEY-----', '://a:b@', 'Bearer '))),
        (lines) => {
          const redactor = new Redactor(new Placeholders(Buffer.alloc(32, 1)));
          for (const line of lines) {
            const { text } = redactor.redact(line);
            expect(new Redactor(new Placeholders(Buffer.alloc(32, 1))).redact(text).redactions === 0 || text.includes('<redacted:')).toBe(
              true,
            );
          }
          expect(redactor.redact(MARKER)).toEqual({ text: MARKER, redactions: 0 });
        },
      ),
      { numRuns: 300 },
    );
  });
});

function asList(found: LineRecord | readonly LineRecord[]): readonly LineRecord[] {
  return [found].flat();
}

function expectWhole({ text, fields, stamp, level }: LineRecord): void {
  expect(typeof text).toBe('string');
  expect(fields).toBeTypeOf('object');
  expect(stamp === undefined || Number.isFinite(stamp)).toBe(true);
  expect(['undefined', 'string', 'number']).toContain(typeof level);
}

function linesOf(bytes: Buffer, size: number): PlacedLine[] {
  const splitter = new LineSplitter({ encoding: 'utf8', offset: 0, line: 0, maxLineBytes: 1_000_000 });
  const lines: PlacedLine[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const { offset, line, text } of splitter.push(bytes.subarray(at, at + size)))
      if (text !== undefined) lines.push({ offset, line, text });
  }
  return lines;
}
