import type { BuildReport } from 'selfheal/build';
import type { Terminal } from '../terminal.ts';
import { fixLines } from './build-fix.ts';
import { percent } from './figures.ts';
import { duration, type Style, styleOf } from './style.ts';

const SHOWN_PATH = 6;

/** Prints what became of a build: the failures last but for the figures, so that nobody has to look for them. */
export function printBuild(terminal: Terminal, report: BuildReport, { quiet }: { quiet: boolean }): void {
  const style = styleOf(terminal);
  const say = (line: string): void => {
    terminal.stdout.write(`${line}\n`);
  };
  const { counts, packageReports, comparedWith, concurrency, criticalPath } = report;
  for (const fault of report.faults) say(style.yellow(`! ${fault}`));
  for (const { packageName, task, notKept } of quiet ? [] : packageReports)
    if (notKept !== undefined) say(style.yellow(`! ${packageName}#${task} will be run again: ${notKept}`));
  for (const line of report.fixes.flatMap((fix) => fixLines(fix, style).slice(0, quiet ? 1 : undefined))) say(line);
  if (report.fixes.some(({ state }) => state === 'offered'))
    say(style.dim('    to be written into the files: selfheal build fixes --apply'));
  for (const line of failures(report, style)) say(line);
  if (!quiet && counts.built + counts.healed > 0) {
    const path = criticalPath.path.length > SHOWN_PATH ? ['…', ...criticalPath.path.slice(-SHOWN_PATH)] : criticalPath.path;
    say(style.dim(`longest chain ${duration(criticalPath.duration)}: ${path.join(' → ')}`));
    say(style.dim(`${percent(concurrency.utilisation)} of ${concurrency.limit} slots in use`));
    for (const { id, before, after } of comparedWith?.slower ?? [])
      say(style.yellow(`slower than in the last build: ${id} ${duration(before)} → ${duration(after)}`));
    for (const id of comparedWith?.recovered ?? []) say(style.green(`no longer fails: ${id}`));
  }
  for (const { message } of report.alerts) say(style.yellow(`! ${message}`));
  say(`${outcome(report, style)} ${style.dim(`in ${duration(report.totalDuration)}`)}`);
}

function failures({ packageReports }: BuildReport, style: Style): string[] {
  const lines = packageReports.flatMap(({ packageName, task, status, error = '', log }) => {
    if (status !== 'failed') return [];
    const [first, ...rest] = error.split('\n');
    return [
      style.red(`✖ ${packageName}#${task}: ${first}`),
      ...rest.map((line) => `    ${line}`),
      ...(log === undefined ? [] : [style.dim(`    all of it: ${log}`)]),
    ];
  });
  const blocked = packageReports
    .filter(({ status }) => status === 'blocked')
    .map(({ packageName, task, blockedBy }) => style.yellow(`– ${packageName}#${task} was not run: it needs ${blockedBy.join(', ')}`));
  return [...lines, ...blocked];
}

function outcome({ counts, successful, totalPackages }: BuildReport, style: Style): string {
  const words = Object.entries(counts).flatMap(([state, count]) => (count === 0 ? [] : [`${count} ${state}`]));
  const text = words.length === 0 ? 'nothing to build' : words.join(', ');
  return successful === totalPackages ? `${style.green('✔')} ${text}` : `${style.red('✖')} ${text}`;
}
