import { userInfo } from 'node:os';
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

/** `selfheal learn undo`: a model holds again what it held before the change; ids are those of `selfheal learn report`. */
export async function learnUndoCommand(
  terminal: Terminal,
  id: string,
  options: CommonOptions & { why: string; by?: string },
): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const change = await healing.undoLearned(id, { by: options.by ?? userInfo().username, why: options.why });
    await writeJson(terminal, options.json, change);
    if (options.json !== '-')
      terminal.stdout.write(`undone ${id}: ${change.kind} ${change.key} is ${JSON.stringify(change.after)} again\n`);
  });
}
