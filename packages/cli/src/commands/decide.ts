import { userInfo } from 'node:os';
import { healExitCode, incidentReport } from 'selfheal';
import { createHealView } from '../output/heal-view.ts';
import { printIncident } from '../output/summary.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

interface DecideOptions extends CommonOptions {
  readonly by?: string;
  readonly why?: string;
}

/** `selfheal approve`: resumes the waiting run to its end, in a running engine or one started for it; exits as `heal` does. */
export function approveCommand(terminal: Terminal, id: string, options: DecideOptions): Promise<void> {
  return decide(terminal, id, options, true);
}

/** `selfheal reject`: refuses the waiting patch; an incident that waits for nothing, or a finding, is dismissed, which raises its detector's threshold there. */
export function rejectCommand(terminal: Terminal, id: string, options: DecideOptions): Promise<void> {
  return decide(terminal, id, options, false);
}

async function decide(terminal: Terminal, id: string, options: DecideOptions, approved: boolean): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const by = options.by ?? userInfo().username;
    const why = options.why ?? (approved ? 'approved on the command line' : '');
    if (!approved && (await healing.records.get('anomaly', id)) !== undefined) {
      await healing.dismissFinding(id, { by, why });
      terminal.stdout.write(`dismissed ${id}: its detector is less sensitive there from now on\n`);
      return;
    }
    const incident = await healing.records.need('incident', id);
    if (!approved && incident.status !== 'waiting_review') {
      await healing.dismiss(id, { by, why });
      terminal.stdout.write(`dismissed ${id}: its detector is less sensitive there from now on\n`);
      return;
    }
    const view = createHealView(terminal, healing, options);
    try {
      await view.phase(
        'Starting the engine',
        () => healing.start(),
        () => 'ready',
      );
      const ended = await view.phase(
        approved ? 'Shipping' : 'Rejecting',
        () => healing.decide(id, { approved, by, why }, terminal.signal),
        (result) => result.status,
      );
      const report = await incidentReport(healing.records, ended);
      await writeJson(terminal, options.json, report);
      if (options.json !== '-' && options.quiet !== true) printIncident(terminal, report, []);
      exitWith(approved ? healExitCode([report], undefined) : 0);
    } finally {
      view.close();
    }
  });
}
