import type { SweepResult } from './messages.ts';

/** The results of sweeps over several windows as one: an incident or a finding of two counts once. */
export function joinSweeps(sweeps: readonly SweepResult[]): SweepResult {
  const incidents = new Map(sweeps.flatMap((sweep) => sweep.incidents).map((incident) => [incident.id, incident]));
  return {
    healthy: sweeps.every(({ healthy }) => healthy),
    summary: [...new Set(sweeps.map(({ summary }) => summary))].join('; '),
    incidents: [...incidents.values()],
    findings: [...new Set(sweeps.flatMap(({ findings }) => findings))],
  };
}
