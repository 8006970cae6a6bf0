import type { OperationRow, OperationsReport } from '../src/report/operations-report.ts';

const START = Date.UTC(2026, 4, 4, 22);
const HOUR = 3_600_000;

/** A report over midnight with every level of heat, every answer about tests, and names that try to be markup. */
export function hostileReport(): OperationsReport {
  const columns = Array.from({ length: 24 }, (_, nth) => START + nth * HOUR);
  return {
    project: 'shop </title><script>alert(0)</script>',
    window: { from: START, to: START + 24 * HOUR },
    releases: ['v1', 'v2<b>'],
    columns,
    operations: [
      row('POST /orders/label', {
        heat: columns.map((_, nth) => heat([0.9, 1.3, 2, 5, 9][nth % 5] ?? 1)),
        errors: 20,
        tested: 'partly',
        untestedLines: [4, 5],
      }),
      row('<script>alert(1)</script>', { heat: columns.map((_, nth) => (nth % 3 === 0 ? undefined : heat(1))), tested: 'no' }),
      row('"><img src=x onerror=alert(2)> \u202egpj.exe', { tested: 'yes' }),
      row(`/${'very-long-name/'.repeat(20)}`, {
        p50: undefined,
        p95: undefined,
        p99: undefined,
        heat: columns.map(() => undefined),
        code: undefined,
      }),
    ],
    coverageOf: 'c0ffee1234567890',
    notes: ['a note with <i>markup</i>'],
  };
}

function heat(ratio: number) {
  return { calls: 12, p95: 100 * ratio, ratio };
}

function row(operation: string, parts: Partial<OperationRow>): OperationRow {
  return {
    operation,
    kind: 'route',
    calls: 12_345,
    callsPerMinute: 8.57,
    shareOfTime: 0.25,
    errors: 0,
    errorRate: (parts.errors ?? 0) / 12_345,
    p50: 12,
    p95: 94.2,
    p99: 1_250,
    tested: 'unknown',
    code: 'lib/label.js:11',
    untestedLines: [],
    heat: Array.from({ length: 24 }, () => heat(1)),
    ...parts,
  };
}
