import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unsealLine } from '../intake/sealed-line.ts';
import { OtlpFault } from './otlp-fault.ts';
import { readExport } from './read-export.ts';

const limits = { maxLineBytes: 100_000, maxBytes: 10_000_000 };
const signals = fc.constantFrom('logs' as const, 'traces' as const, 'metrics' as const);
const redact = (text: string) => text.replace(/"password":"[^"]*"/, '"password":"<redacted>"');

it('takes or refuses arbitrary bytes in either encoding, and fails in no other way', () => {
  fc.assert(
    fc.property(
      signals,
      fc.constantFrom('protobuf' as const, 'json' as const),
      fc.uint8Array({ maxLength: 300 }),
      (signal, encoding, body) => {
        try {
          for (const { bytes } of readExport({ signal, encoding, body }, limits, redact).lines)
            expect(unsealLine(Buffer.from(bytes).toString().trimEnd())).toBeDefined();
        } catch (error) {
          if (!(error instanceof OtlpFault)) throw error;
        }
      },
    ),
    { numRuns: 2_000, seed: 4 },
  );
});

it('gives the same lines and keys for the same bytes, and hides the value of a sensitive attribute', () => {
  const attributes = [
    { key: 'password', value: { stringValue: 'hunter2' } },
    { key: 'n', value: { intValue: '3' } },
  ];
  const body = Buffer.from(
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: 'x' }, attributes }] }] }] }),
  );
  const [first, second] = [1, 2].map(() => readExport({ signal: 'logs', encoding: 'json', body }, limits, redact));
  expect(first).toEqual(second);
  expect(first?.lines[0]?.key).toMatch(/^[\w-]{22}\.0$/);
  const line = Buffer.from(first?.lines[0]?.bytes ?? []).toString();
  expect(line).toContain('"stringValue":"<redacted>"');
  expect(line).not.toContain('hunter2');
});
