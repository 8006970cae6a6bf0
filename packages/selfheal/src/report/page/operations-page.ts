import { createHash } from 'node:crypto';
import type { Heat, OperationRow, OperationsReport } from '../operations-report.ts';
import { escapeHtml } from './escape.ts';
import { HEAT_LEVELS, heatLevel, NO_CALLS } from './heat-levels.ts';
import { PAGE_STYLE } from './style.ts';

/**
 * The report as one page that needs nothing else: no script, no network (its content security policy forbids both), all text of the
 * telemetry escaped. For screen readers and keyboards: real tables with captions and headers, regions that scroll by keys.
 */
export function operationsPage(report: OperationsReport): string {
  const title = `Operations of ${report.project}`;
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#operations">Skip to the operations</a>
<main>
<h1>${escapeHtml(title)}</h1>
${summary(report)}
${report.operations.length === 0 ? '<h2 id="operations">Operations</h2>\n<p>No operation was seen.</p>' : `${operationsTable(report)}\n${heatTable(report)}`}
</main>
</body>
</html>
`;
}

function summary({ window, releases, operations, coverageOf, notes }: OperationsReport): string {
  const calls = operations.reduce((sum, row) => sum + row.calls, 0);
  const lines = [
    window === undefined
      ? ''
      : `${time(window.from)} to ${time(window.to)} (UTC): ${figure(calls)} calls of ${operations.length} operations`,
    releases.length === 0 ? '' : `Releases: ${releases.join(', ')}`,
    coverageOf === undefined ? '' : `Tests measured at commit ${coverageOf.slice(0, 12)}`,
    ...notes,
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => `<p class="soft">${escapeHtml(line)}</p>`)
    .join('\n');
}

/** Smaller figures are noise to a reader. */
const LEAST_SHOWN = 0.1;
const HEADERS = ['Operation', 'Calls', 'Calls/min', 'Share of time', 'p50', 'p95', 'p99', 'Errors', 'Tested', 'Code'];
const WORDS = ['Operation', 'Tested', 'Code'];

function operationsTable({ operations }: OperationsReport): string {
  const rows = operations.map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.operation)}</th><td>${figure(row.calls)}</td><td>${figure(row.callsPerMinute)}</td><td>${percent(row.shareOfTime)}</td><td>${duration(row.p50)}</td><td>${duration(row.p95)}</td><td>${duration(row.p99)}</td>${errorCell(row)}${testedCell(row)}<td class="words">${escapeHtml(row.code ?? 'unknown')}</td></tr>`,
  );
  return `<h2 id="operations">Load, latency, errors, tests</h2>
<div class="scroll" role="region" aria-labelledby="operations" tabindex="0">
<table>
<caption>The operation in which most time is spent comes first. p50, p95 and p99: half, a twentieth and a hundredth of the calls took longer.</caption>
<thead><tr>${HEADERS.map((header) => `<th scope="col"${WORDS.includes(header) ? ' class="words"' : ''}>${header}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>`;
}

function errorCell({ errors, errorRate }: OperationRow): string {
  return errors === 0 ? '<td>none</td>' : `<td class="bad">${figure(errors)} (${percent(errorRate)})</td>`;
}

function testedCell({ tested, untestedLines }: OperationRow): string {
  const kind = tested === 'no' ? 'bad' : tested === 'yes' ? 'good' : '';
  const words = tested === 'partly' ? `partly, ${untestedLines.length} lines are not` : tested;
  return `<td class="words ${kind}">${words}</td>`;
}

function heatTable({ columns, operations }: OperationsReport): string {
  const rows = operations
    .filter(({ heat }) => heat.some((cell) => cell !== undefined))
    .map(({ operation, heat }) => `<tr><th scope="row">${escapeHtml(operation)}</th>${heat.map(heatCell).join('')}</tr>`);
  if (rows.length === 0) return '';
  const legend = HEAT_LEVELS.map(({ from, words }, level) => `<li class="h${level}">${from === 0 ? '' : `from ${from} `}${words}</li>`);
  return `<h2 id="heat">When it was slow</h2>
<p>The 95th percentile of each stretch against the operation’s usual one: 2 is twice as slow.</p>
<ul class="legend" aria-label="What the colours mean">${legend.join('')}<li>– ${NO_CALLS.words}</li></ul>
<div class="scroll" role="region" aria-labelledby="heat" tabindex="0">
<table class="heat">
<caption>Columns are named by their beginning (UTC).</caption>
<thead><tr><th scope="col" class="words">Operation</th>${columns.map((at, nth) => `<th scope="col">${columnName(at, columns[nth - 1], (columns[1] ?? Number.POSITIVE_INFINITY) - (columns[0] ?? 0))}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>`;
}

function heatCell(cell: Heat | undefined): string {
  if (cell === undefined) return `<td>–<span class="unseen"> ${NO_CALLS.words}</span></td>`;
  const level = heatLevel(cell.ratio);
  const words = `${HEAT_LEVELS[level]?.words ?? ''}: 95th percentile ${duration(cell.p95)}, ${figure(cell.calls)} calls`;
  return `<td class="h${level}">${cell.ratio.toFixed(1)}<span class="unseen"> ${words}</span></td>`;
}

/** The day where it changes, else the time of day: with seconds only where columns are that narrow. */
function columnName(at: number, before: number | undefined, width: number): string {
  const [day = '', clock = ''] = new Date(at).toISOString().split('T');
  const isNewDay = before === undefined || !new Date(before).toISOString().startsWith(day);
  return `${isNewDay ? `${day}<br>` : ''}${clock.slice(0, width < 60_000 ? 8 : 5)}`;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms > 0 && ms < LEAST_SHOWN) return `&lt;${LEAST_SHOWN} ms`;
  return ms >= 1_000 ? `${figure(ms / 1_000)} s` : `${figure(ms)} ms`;
}

function percent(share: number): string {
  return share > 0 && share * 100 < LEAST_SHOWN ? `&lt;${LEAST_SHOWN} %` : `${figure(share * 100)} %`;
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
