import type { BeatInput, Handler } from '@selfheal/contracts';

type Incident = BeatInput<'detectAnomaliesCompleted'>['incidents'][number];

/** Incidents of these no longer ail: the fix was verified, or a person said that it is none. */
const SETTLED = new Set(['healed', 'dismissed']);

/**
 * Sequence anomaly.detect, movement Results. Says in one line what was found. A window is healthy where all its incidents are
 * healed or dismissed; findings alone are healthy.
 * Reads: nothing. Writes: nothing. Fails: never.
 */
export const detectAnomaliesCompleted: Handler<'detectAnomaliesCompleted'> = ({ incidents, findings, suppressed }) => {
  const parts = [
    incidents.length === 0 ? 'no incident' : describe(incidents),
    ...(findings.length === 0 ? [] : [counted(findings.length, 'finding')]),
    ...(suppressed.length === 0 ? [] : [`${counted(suppressed.length, 'consequence')} left out`]),
  ];
  return { healthy: incidents.every(({ status }) => SETTLED.has(status)), incidents, findings, summary: parts.join(', ') };
};

function describe(incidents: readonly Incident[]): string {
  const fresh = incidents.filter(({ isNew }) => isNew).length;
  const titles = incidents.map(({ title, status }) => `${title} [${status}]`);
  return `${counted(incidents.length, 'incident')} (${fresh} new): ${titles.join('; ')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
