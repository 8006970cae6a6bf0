import { learnReport } from 'selfheal';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal learn report`: outcomes by class and template, priors, raised thresholds, calibration, and why each changed. */
export async function learnReportCommand(terminal: Terminal, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const report = await learnReport(healing.records, healing.project.id);
    await writeJson(terminal, options.json, report);
    if (options.json !== '-') terminal.stdout.write(`${report.lines.join('\n')}\n`);
  });
}
