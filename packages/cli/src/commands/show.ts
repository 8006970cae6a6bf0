import { anomalyReport, incidentReport, type SelfHealing } from 'selfheal';
import { printAnomaly } from '../output/anomaly-view.ts';
import { printIncident } from '../output/summary.ts';
import { writeJson } from '../output/write-json.ts';
import type { Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

/** `selfheal show`: an incident with its heal, or an anomaly with its picture, figures and evidence. */
export async function showCommand(terminal: Terminal, id: string, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    if ((await healing.records.get('anomaly', id)) !== undefined) {
      const report = await anomalyReport(healing.records, id);
      await writeJson(terminal, options.json, report);
      if (options.json !== '-') printAnomaly(terminal, report);
      return;
    }
    const incident = await healing.records.need('incident', id);
    const report = await incidentReport(healing.records, incident);
    const beats = await beatsOf(healing, incident.workflowId);
    await writeJson(terminal, options.json, { ...report, beats });
    if (options.json !== '-') printIncident(terminal, report, beats);
  });
}

export async function reviewCommand(terminal: Terminal, id: string, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const incident = await healing.records.need('incident', id);
    const report = await incidentReport(healing.records, incident);
    printIncident(terminal, report, []);
    if (incident.status === 'waiting_review')
      terminal.stdout.write(`\nselfheal approve ${id}    or    selfheal reject ${id} --why "..."\n`);
    else terminal.stdout.write(`\nNothing waits for a decision: the incident is ${incident.status}.\n`);
  });
}

/** The beats that ran for a heal, in order. */
async function beatsOf(healing: SelfHealing, workflowId: string) {
  const runs = await healing.records.list('beatRun', { where: { projectId: healing.project.id }, orderBy: { field: 'startedAt' } });
  return runs.filter((run) => run.workflowId.startsWith(`${workflowId}/`));
}
