import { printable, type SloReport, sloReport } from 'selfheal';
import { figure, percent } from '../output/figures.ts';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

const BAR = 20;
const DAY = 86_400_000;

/** `selfheal slo`: the declared objectives, what is left of their error budgets, how fast these burn. */
export async function sloCommand(terminal: Terminal, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const reports = await sloReport(healing);
    await writeJson(terminal, options.json, reports);
    if (options.json === '-') return;
    if (reports.length === 0)
      terminal.stdout.write(
        'No objective is declared. An example for the configuration: "slos": [{ "operation": "POST /orders*", "availability": 0.999 }]\n',
      );
    for (const report of reports) print(terminal, report);
  });
}

function print(terminal: Terminal, { name, state, target, budget, burnRates, periodMs }: SloReport): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  const colour = state === 'kept' ? style.green : state === 'unknown' ? style.yellow : style.red;
  out(`${style.bold(printable(name))}  ${colour(state)}`);
  if (budget.total === 0) {
    out('  no call was seen in its period');
    return;
  }
  const left = Math.max(0, 1 - budget.spent);
  const bar = '█'.repeat(Math.round(left * BAR)).padEnd(BAR, '░');
  out(
    `  ${percent(budget.attained)} of ${figure(budget.total)} calls were good, ${percent(target)} are promised over ${figure(periodMs / DAY)} days`,
  );
  out(`  error budget │${bar}│ ${budget.spent > 1 ? `spent ${figure(budget.spent)} times over` : `${percent(left)} left`}`);
  for (const { urgency, longMs, shortMs, limit, long, short, isBreach } of burnRates)
    out(
      `  ${isBreach ? style.red('✖') : style.green('✔')} burns at ${figure(long)} over ${span(longMs)} and ${figure(short)} over ${span(shortMs)}; ${urgency} from ${figure(limit)} in both`,
    );
}

function span(ms: number): string {
  const minutes = ms / 60_000;
  return minutes < 120 ? `${figure(minutes)} min` : `${figure(minutes / 60)} h`;
}
