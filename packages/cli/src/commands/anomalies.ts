import { anomalyReports } from 'selfheal';
import { anomalyLine } from '../output/anomaly-view.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

const SHOWN = 50;

/** `selfheal anomalies`: each cause once, as it was last seen. */
export async function anomaliesCommand(terminal: Terminal, options: CommonOptions & { all?: boolean }): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const reports = await anomalyReports(healing.records, healing.project.id);
    await writeJson(terminal, options.json, reports);
    if (options.json === '-') return;
    if (reports.length === 0) terminal.stdout.write('No anomaly so far.\n');
    const shown = options.all === true ? reports : reports.slice(0, SHOWN);
    for (const report of shown) terminal.stdout.write(`${anomalyLine(report)}\n`);
    if (reports.length > shown.length) terminal.stdout.write(`${reports.length - shown.length} older ones (--all shows them)\n`);
  });
}
