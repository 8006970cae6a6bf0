import type { Handler } from '@selfheal/contracts';

/**
 * Sequence anomaly.detect, movement Results. Says in one line what was found. Healthy is a window in which no incident is at work or
 * newly closed; findings alone are healthy.
 * Reads: nothing. Writes: nothing. Fails: never.
 */
export const detectAnomaliesCompleted: Handler<'detectAnomaliesCompleted'> = ({ incidents, findings, suppressed }) => {
  const fresh = incidents.filter(({ isNew }) => isNew).length;
  const parts = [
    incidents.length === 0
      ? 'no incident'
      : `${counted(incidents.length, 'incident')} (${fresh} new): ${incidents.map(({ title, status }) => `${title} [${status}]`).join('; ')}`,
    ...(findings.length === 0 ? [] : [counted(findings.length, 'finding')]),
    ...(suppressed.length === 0 ? [] : [`${counted(suppressed.length, 'consequence')} left out`]),
  ];
  return { healthy: incidents.length === 0, incidents, findings, summary: parts.join(', ') };
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
