import { expect, test } from 'vitest';
import { qualityOf, readDiagnostics } from './diagnostics.ts';

test.each([
  ['src/a.ts(3,7): error TS2322: no number', { severity: 'error', file: 'src/a.ts', line: 3, column: 7, message: 'TS2322: no number' }],
  [
    '\u001B[96msrc/a.ts\u001B[0m:3:7 - \u001B[91merror\u001B[0m TS1: x',
    { severity: 'error', file: 'src/a.ts', line: 3, column: 7, message: 'TS1: x' },
  ],
  ['../b/x.c:12:1: warning: unused', { severity: 'warning', file: '../b/x.c', line: 12, column: 1, message: 'unused' }],
])('%j', (line, diagnostic) => {
  expect(readDiagnostics(`first\n${line}\n    at f (src/a.ts:1:2)\n`)).toEqual([diagnostic]);
});

test('counts errors and warnings', () => {
  expect(qualityOf('a.ts(1,1): error X1: a\na.ts(1,1): warning X2: b\na.ts(2,1): error X1: a\n12:30:01 error: no place\n')).toEqual({
    errors: 2,
    warnings: 1,
  });
});
