import { userInfo } from 'node:os';
import { type BaselineReport, baselineReport, printable, resetBaselines, type SelfHealing, setBaselines } from 'selfheal';
import { figure, instant, milliseconds, percent } from '../output/figures.ts';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

interface BaselineOptions extends CommonOptions {
  readonly set?: boolean;
  readonly reset?: boolean;
  readonly why?: string;
  readonly by?: string;
}

/** `selfheal baseline`: what is expected of each operation, how strict the detectors are there; sets and forgets it. */
export async function baselineCommand(terminal: Terminal, operation: string | undefined, options: BaselineOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const changed = await change(healing, operation ?? '*', options);
    const report = await baselineReport(healing, operation);
    await writeJson(terminal, options.json, report);
    if (options.json === '-') return;
    if (changed !== undefined)
      terminal.stdout.write(`${changed}; \`selfheal learn report\` lists the changes, \`selfheal learn undo\` takes one back\n`);
    print(terminal, report);
  });
}

async function change(healing: SelfHealing, operation: string, options: BaselineOptions): Promise<string | undefined> {
  const decision = { operation, by: options.by ?? userInfo().username, why: options.why ?? 'set on the command line' };
  if (options.set === true) return `set: ${(await setBaselines(healing, decision)).map(printable).join(', ')}`;
  if (options.reset === true) return `forgotten: ${(await resetBaselines(healing, decision)).map(printable).join(', ')}`;
  return undefined;
}

function print(terminal: Terminal, { baselines, flows, thresholds }: BaselineReport): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  if (baselines.length === 0) out('No baseline so far: they are learned from healthy sweeps, or set by `selfheal baseline --set`.');
  const width = Math.max(9, ...baselines.map(({ operation }) => printable(operation).length));
  if (baselines.length > 0)
    out(
      style.dim(
        `${'operation'.padEnd(width)} ${'p50'.padStart(8)} ${'p95'.padStart(8)} ${'p99'.padStart(8)} ${'slow from'.padStart(9)} ${'errors'.padStart(7)}  learned from`,
      ),
    );
  for (const { operation, p50, p95, p99, slowFrom, errorRate, calls, release, until } of baselines)
    out(
      `${printable(operation).padEnd(width)} ${[p50, p95, p99].map((ms) => milliseconds(ms).padStart(8)).join(' ')} ${milliseconds(slowFrom).padStart(9)} ${percent(errorRate).padStart(7)}  ${figure(calls)} calls${release === '' ? '' : ` of release ${printable(release)}`} until ${instant(until)}`,
    );
  for (const { flow, ways } of flows) out(`flow ${printable(flow)}: ${ways} ${ways === 1 ? 'way' : 'ways'} of running`);
  for (const { detector, place, factor, because } of thresholds)
    out(
      `${detector} at ${printable(place)} asks for ${figure(factor)} times its threshold: ${because.map(printable).join('; ') || 'dismissed'}`,
    );
}
