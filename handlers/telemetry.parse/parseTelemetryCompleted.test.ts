import { expect, it } from 'vitest';
import { parseTelemetryCompleted } from './parseTelemetryCompleted.ts';

const totals = { events: 3, errors: 1, operations: 2, releases: [] };

it('says in one line what was read, stored and left out', () => {
  const rejected = [{ path: 'a', code: 'LOG_BINARY', message: 'm' }];
  const input = { files: 1, more: true, rejected, lines: 4, unparsed: 1, formats: { pino: 1, text: 2 }, totals, stored: 3, batchId: 'b' };
  expect(parseTelemetryCompleted(input)).toEqual({
    more: true,
    summary:
      '4 lines of 1 file; 3 events stored; 1 error; 2 operations; formats text 2, pino 1; 1 line in no known format; 1 rejected (LOG_BINARY); more to read',
    stored: 3,
    batchId: 'b',
    totals,
    rejected,
    formats: { pino: 1, text: 2 },
  });
});

it('keeps to what there is', () => {
  const input = {
    files: 0,
    more: false,
    rejected: [],
    lines: 0,
    unparsed: 0,
    formats: {},
    totals: { ...totals, errors: 0, operations: 0 },
    stored: 0,
  };
  expect(parseTelemetryCompleted(input).summary).toBe('0 lines of 0 files; 0 events stored; 0 errors; 0 operations');
});
