import { homedir } from 'node:os';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import type { RepairPatch, RepairReport, RepairRequest } from 'selfheal/repair';
import { colourDiff, duration, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import { overridesOf } from './options.ts';

export interface RepairOptions {
  readonly repo: string;
  readonly test?: string;
  readonly budget: string;
  readonly seed: string;
  readonly data?: string;
  readonly apply?: boolean;
  readonly unsafeNoSandbox?: boolean;
  readonly json?: string;
  readonly quiet?: boolean;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000 };
const SHOWN_LINES = 5;
const SHOWN_OTHERS = 3;

/** `selfheal repair`: exit 0 with a proven patch that is trusted, 4 without. Ctrl-C ends the search: what was found until then counts. */
export async function repairCommand(terminal: Terminal, options: RepairOptions): Promise<void> {
  const progress = options.quiet === true || options.json === '-' ? undefined : (line: string) => terminal.stderr.write(`${line}\n`);
  const request: RepairRequest = {
    repo: options.repo,
    budgetMs: readTime(options.budget),
    seed: readSeed(options.seed),
    dataDir: options.data ?? join(terminal.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'selfheal'),
    overrides: overridesOf(options.unsafeNoSandbox === true ? { unsafeNoSandbox: true } : {}),
    signal: terminal.signal,
    ...(options.test === undefined ? {} : { test: options.test }),
    ...(progress === undefined ? {} : { onProgress: progress }),
  };
  const { applyRepair, repairRepository } = await import('selfheal/repair');
  const report = await repairRepository(request);
  if (options.apply === true && report.status === 'offered') await applyRepair(options.repo, report);
  await writeJson(terminal, options.json, report);
  if (options.json !== '-') print(terminal, report, options);
  exitWith(report.status === 'offered' ? 0 : 4);
}

function print(terminal: Terminal, report: RepairReport, { apply, quiet }: RepairOptions): void {
  const style = styleOf(terminal);
  const say = (line: string): void => {
    terminal.stdout.write(`${line}\n`);
  };
  const [best, ...others] = report.patches;
  const { candidates, durationsMs, locations } = report;
  say(`${report.status === 'offered' ? style.green('✔') : style.yellow('!')} ${report.status}: ${report.reason}`);
  if (quiet === true) return;
  if (best !== undefined) {
    say(`\n${best.file}:${best.line}  ${best.operator}  confidence ${best.confidence.toFixed(2)}${historyOf(best)}`);
    say(colourDiff(best.diff, style));
    for (const line of proofLines(best)) say(line);
    for (const other of others.slice(0, SHOWN_OTHERS))
      say(style.dim(`also: ${other.operator} at ${other.file}:${other.line}, confidence ${other.confidence.toFixed(2)}`));
    if (apply === true && report.status === 'offered') say('written into the folder');
  }
  if (locations.after.length > 0) say('\nsuspected lines:');
  for (const { file, line, why } of locations.after.slice(0, SHOWN_LINES)) say(`  ${file}:${line}  ${style.dim(why)}`);
  say(
    `\n${candidates.tried} of ${candidates.made} single edits and pairs tried${recalledOf(report)} (${candidates.perSecond.toFixed(0)} a second, ${candidates.mode}), ${candidates.plausible} plausible; ${duration(durationsMs.total)} in all`,
  );
}

function proofLines({ proof }: RepairPatch): string[] {
  if (proof === undefined) return [];
  const { passed, fixed, broken, compiles } = proof;
  return [
    ...(passed === 0 ? [] : [`proof: ${passed} tests pass, ${fixed.length} of them failed before, ${broken.length} broken`]),
    ...(compiles === undefined ? [] : [`proof: ${compiles} finds nothing new`]),
  ];
}

function recalledOf({ candidates: { recalled } }: RepairReport): string {
  return recalled === 0 ? '' : `, ${recalled} of them by the run before, which was cut off`;
}

/** What such a confidence was worth when it was tried. */
function historyOf({ history }: RepairPatch): string {
  if (history === undefined) return '';
  const { from, to, right, total } = history;
  return ` (of ${total} patches between ${from} and ${to} that it was tried on, ${right} were right)`;
}

function readTime(text: string): number {
  const [, value = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|)$/.exec(text.trim()) ?? [];
  const ms = Number(value) * (UNITS[unit] ?? Number.NaN);
  if (value === '' || !(ms > 0)) throw new SelfhealError('CONFIG_INVALID', `--budget ${text} is no time; give 60s, 2m or milliseconds`);
  return ms;
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new SelfhealError('CONFIG_INVALID', `--seed ${text} is no whole number`);
  return seed;
}
