import { createSelfHealing, type HealOutcome, healExitCode, healReport, VERSION } from 'selfheal';
import { createHealView } from '../output/heal-view.ts';
import { printSummary } from '../output/summary.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import { type CommonOptions, type HealOptions, overridesOf, STANDARD_INPUT } from './options.ts';

/** `selfheal heal`: exit 0 healed, 2 healthy, 3 waits for review, 4 no validated fix, 1 (thrown) the run itself failed. */
export async function healCommand(terminal: Terminal, options: CommonOptions & HealOptions): Promise<void> {
  const started = performance.now();
  const healing = await createSelfHealing({
    repo: options.repo,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    config: overridesOf(options),
    env: terminal.env,
  });
  const view = createHealView(terminal, healing, options);
  try {
    // A wrong path is told at once, not when an engine has been started for it.
    await healing.findLogs(healing.project.config.logs);
    await view.phase(
      'Starting the engine',
      () => healing.start(),
      () => (healing.ownsEngine === true ? 'ready' : 'another process runs it'),
    );
    const { config } = healing.project;
    const input = options.logs?.includes(STANDARD_INPUT) === true ? { input: terminal.stdin } : {};
    const outcome = await view.phase('Healing', () => healing.healLogs({ paths: config.logs, ...input, signal: terminal.signal }), wordsOf);
    const durations = { ...outcome.durations, total: Math.round(performance.now() - started) };
    const report = await healReport(healing.records, {
      incidentIds: outcome.incidents.map(({ id }) => id),
      findingIds: outcome.findings,
      unread: [...outcome.unread],
      durations,
      versions: { selfheal: VERSION, node: process.versions.node },
    });
    await writeJson(terminal, options.json, report);
    if (options.json !== '-')
      printSummary(terminal, report, { brief: options.quiet === true, nothingStored: outcome.windows.length === 0 });
    exitWith(terminal.signal.aborted ? 1 : healExitCode(report.incidents, config.policy.stopAfter));
  } finally {
    view.close();
    await healing.stop();
  }
}

function wordsOf(outcome: HealOutcome): string {
  const count = outcome.incidents.length;
  return count === 0 ? 'nothing to heal' : `${count} ${count === 1 ? 'incident' : 'incidents'}`;
}
