import { SelfhealError } from '@selfheal/contracts';
import { parseDuration } from '@selfheal/sequences';
import { type AttemptsReport, attemptsReport } from 'selfheal';
import { duration, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal attempts report`: attempts of some time in figures. */
export async function attemptsReportCommand(terminal: Terminal, options: CommonOptions & { readonly since: string }): Promise<void> {
  const spanMs = parseDuration(options.since);
  if (spanMs === undefined) throw new SelfhealError('INPUT_INVALID', `--since ${options.since}: a time such as 7d, 24h or 90m is needed`);
  await withHealing(terminal, options, async ({ records, project }) => {
    const { monthlyLimitUsd } = project.config.ai;
    const report = await attemptsReport(records, { projectId: project.id, monthlyLimitUsd, now: Date.now(), spanMs });
    await writeJson(terminal, options.json, report);
    if (options.json !== '-') print(terminal, report);
  });
}

function print(terminal: Terminal, report: AttemptsReport): void {
  const style = styleOf(terminal);
  const out = (line: string) => terminal.stdout.write(`${line}\n`);
  const { attempts, decisions, models, month, proposers, results, successRate, warnings } = report;
  out(`${style.bold(`${attempts} attempts`)} ${countsText(results)}`);
  if (attempts > 0) out(`decisions ${countsText(decisions)}`);
  if (successRate !== undefined) out(`healed    ${Math.round(100 * successRate)} % of those that were put to the test`);
  for (const { proposer, decided, tested, healed } of proposers)
    out(`  ${proposer.padEnd(28)} decided ${decided}, healed ${healed} of ${tested}`);
  for (const { model, calls, failed, meanMs, p95Ms, p99Ms, costUsd } of models) {
    const times = meanMs === undefined ? '' : `, ${duration(meanMs)} on average, p95 ${duration(p95Ms ?? 0)}, p99 ${duration(p99Ms ?? 0)}`;
    out(`  ${model.padEnd(28)} ${calls} calls, ${failed} failed${times}, $${costUsd.toFixed(4)}`);
  }
  out(`this month $${month.costUsd.toFixed(4)} of $${month.limitUsd}`);
  for (const warning of warnings) out(style.yellow(`! ${warning}`));
}

function countsText(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
