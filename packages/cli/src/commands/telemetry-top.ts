import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  HEAT_LEVELS,
  heatLevel,
  NO_CALLS,
  type OperationRow,
  type OperationsReport,
  operationsPage,
  operationsReport,
  printable,
} from 'selfheal';
import { figure, fit, instant, milliseconds, percent } from '../output/figures.ts';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

const MAX_NAME = 40;

/** `selfheal telemetry top`: operations by load, latency, errors, tested or not; `--html` writes the same as one page. */
export async function telemetryTopCommand(terminal: Terminal, options: CommonOptions & { html?: string }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const report = await operationsReport(healing);
    await writeJson(terminal, options.json, report);
    if (options.html !== undefined) await writePage(resolve(options.html), operationsPage(report));
    if (options.json !== '-') printOperations(terminal, report);
  });
}

export function printOperations(terminal: Terminal, { window, releases, operations, notes, coverageOf }: OperationsReport): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  if (window !== undefined) {
    const calls = operations.reduce((sum, row) => sum + row.calls, 0);
    const of = releases.length === 0 ? '' : ` · ${releases.length === 1 ? 'release' : 'releases'} ${releases.map(printable).join(', ')}`;
    out(style.bold(`${instant(window.from)} to ${instant(window.to)} UTC · ${figure(calls)} calls${of}`));
  }
  if (operations.length > 0) {
    const width = Math.min(MAX_NAME, Math.max(9, ...operations.map(({ operation }) => printable(operation).length)));
    out(
      style.dim(
        `${'operation'.padEnd(width)} ${'calls/min'.padStart(9)} ${'time'.padStart(7)} ${'p50'.padStart(8)} ${'p95'.padStart(8)} ${'p99'.padStart(8)} ${'errors'.padStart(7)}  tested   when it was slow`,
      ),
    );
    for (const row of operations) out(rowText(row, width));
    out(
      style.dim(
        `p95 against its usual: ${HEAT_LEVELS.map(({ shade, words }) => `${shade} ${words}`).join(', ')}; empty: ${NO_CALLS.words}`,
      ),
    );
  }
  if (coverageOf !== undefined) out(style.dim(`tests measured at commit ${coverageOf.slice(0, 12)}`));
  for (const note of notes) out(style.dim(printable(note)));
}

function rowText(row: OperationRow, width: number): string {
  const cells = [
    fit(printable(row.operation), width),
    figure(row.callsPerMinute).padStart(9),
    percent(row.shareOfTime).padStart(7),
    ...[row.p50, row.p95, row.p99].map((ms) => milliseconds(ms).padStart(8)),
    (row.errors === 0 ? '0' : percent(row.errorRate)).padStart(7),
  ];
  const heat = row.heat.map((cell) => (cell === undefined ? NO_CALLS.shade : (HEAT_LEVELS[heatLevel(cell.ratio)]?.shade ?? '')));
  return `${cells.join(' ')}  ${row.tested.padEnd(7)}  │${heat.join('')}│`;
}

/** Whole or not at all. */
async function writePage(path: string, page: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  await writeFile(draft, page);
  await rename(draft, path);
}
