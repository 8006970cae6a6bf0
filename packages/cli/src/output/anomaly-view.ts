import { type AnomalyReport, printable } from 'selfheal';
import type { Terminal } from '../terminal.ts';
import { figure, instant, percent } from './figures.ts';
import { sparkline } from './sparkline.ts';
import { type Style, styleOf } from './style.ts';

const MAX_LINES = 12;
const MAX_TEXT = 160;

/** One line of a list. */
export function anomalyLine(report: AnomalyReport): string {
  const { id, severity, type, title, plot, details, incident, finding } = report;
  const state = details.type === 'error' ? ` ${details.trend}` : '';
  const became = incident === undefined ? (finding ? 'finding' : '') : `${incident.id} ${incident.status}`;
  return `${id}  ${severity.padEnd(8)}  [${type}${state}] ${printable(title)}  ${plot === undefined ? '' : sparkline(plot, 16)}  ${became}`;
}

/** All that is known of one anomaly, the picture and the figures first. */
export function printAnomaly(terminal: Terminal, report: AnomalyReport): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  const { id, title, type, severity, confidence, detector, release, window, incident, sightings, plot } = report;
  out(`${style.bold(printable(title))}  ${severityColour(severity, style)}`);
  out(
    style.dim(
      `${id} · ${type} · ${detector} · confidence ${percent(confidence)} · seen in ${sightings} ${sightings === 1 ? 'sweep' : 'sweeps'}`,
    ),
  );
  out(style.dim(`${instant(window.from)} to ${instant(window.to)} UTC${release === undefined ? '' : ` · release ${printable(release)}`}`));
  if (plot !== undefined) printPlot(report, plot, out, style);
  out(`${style.bold('expected')} ${printable(report.expected)}`);
  out(`${style.bold('seen')}     ${printable(report.seen)}`);
  out('');
  out(printable(report.description));
  printParts(report, out);
  printEvidence(report, out, style);
  if (incident !== undefined) out(`\nincident ${incident.id} (${incident.status}): selfheal show ${incident.id}`);
  else if (report.finding) out(`\na finding, no incident; \`selfheal reject ${id} --why "..."\` makes its detector less sensitive there`);
}

function printPlot({ details }: AnomalyReport, plot: NonNullable<AnomalyReport['plot']>, out: (text: string) => void, style: Style): void {
  const side = (points: readonly (readonly [number, number])[]): string => {
    if (points.length === 0) return 'nothing';
    const values = points.map(([, value]) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? figure(low) : `${figure(low)} to ${figure(high)}`;
  };
  out('');
  out(`${sparkline(plot)}  ${printable(plot.measure)}`);
  const expected = plot.expected === undefined ? '' : `; expected ${figure(plot.expected)}`;
  const before = details.type === 'coverage' ? '' : `before │ ${side(plot.before)}; `;
  out(style.dim(`${before}after │ ${side(plot.after)}${expected}`));
  out('');
}

function printParts({ details }: AnomalyReport, out: (text: string) => void): void {
  if (details.type !== 'signal') return;
  for (const { name, expected, seen } of details.parts)
    out(`  ${figure(expected)} → ${figure(seen)}  ${printable(name).slice(0, MAX_TEXT)}`);
}

function printEvidence({ evidence }: AnomalyReport, out: (text: string) => void, style: Style): void {
  if (evidence.length === 0) return;
  out(`\n${style.bold('evidence')}`);
  for (const { source, line, time, text } of evidence.slice(0, MAX_LINES))
    out(`  ${style.dim(`${printable(source)}:${line} ${instant(time)}`)}  ${printable(text).slice(0, MAX_TEXT)}`);
  if (evidence.length > MAX_LINES) out(style.dim(`  and ${evidence.length - MAX_LINES} more (--json)`));
}

function severityColour(severity: string, style: Style): string {
  return severity === 'critical' || severity === 'high' ? style.red(severity) : style.yellow(severity);
}
