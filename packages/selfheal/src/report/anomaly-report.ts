import { incidentId } from '@selfheal/anomaly';
import type { Anomaly, Incident, Records } from '@selfheal/contracts';

/** An anomaly with what a person asks first: what was expected, what was seen, and what became of it. */
export interface AnomalyReport extends Anomaly {
  readonly expected: string;
  readonly seen: string;
  /** Its cause under repair; undefined for findings. */
  readonly incident: Pick<Incident, 'id' | 'status'> | undefined;
  /** In how many sweeps the same cause was seen. */
  readonly sightings: number;
}

const MAX_RECORDS = 2_000;

/** Each cause once, as it was last seen, the newest first. */
export async function anomalyReports(records: Records, projectId: string): Promise<AnomalyReport[]> {
  const all = await records.list('anomaly', {
    where: { projectId },
    orderBy: { field: 'detectedAt', direction: 'desc' },
    limit: MAX_RECORDS,
  });
  const causes = [...Map.groupBy(all, ({ fingerprint }) => fingerprint).values()];
  return Promise.all(causes.flatMap((same) => (same[0] === undefined ? [] : [reportOf(records, same[0], same.length)])));
}

/** Fails with RECORD_MISSING. */
export async function anomalyReport(records: Records, id: string): Promise<AnomalyReport> {
  const anomaly = await records.need('anomaly', id);
  const { projectId, fingerprint } = anomaly;
  return reportOf(records, anomaly, await records.count('anomaly', { where: { projectId, fingerprint } }));
}

async function reportOf(records: Records, anomaly: Anomaly, sightings: number): Promise<AnomalyReport> {
  const incident = await records.get('incident', incidentId(anomaly.projectId, anomaly.fingerprint));
  return {
    ...anomaly,
    ...expectedAndSeen(anomaly),
    incident: incident === undefined ? undefined : { id: incident.id, status: incident.status },
    sightings,
  };
}

/** In words, with units. */
function expectedAndSeen({ details, metrics }: Anomaly): { expected: string; seen: string } {
  switch (details.type) {
    case 'performance':
      return {
        expected: `${ms(details.expectedMs)} (${FROM[details.expectedFrom]}${details.before === undefined ? '' : ` ${details.before}`})`,
        seen: `${ms(details.seenMs)}, ${round(details.ratio)} times as long; p50 ${ms(details.p50)}, p95 ${ms(details.p95)}, p99 ${ms(details.p99)} over ${details.count} calls`,
      };
    case 'behavioral':
      return {
        expected: `${details.expected.join(' → ')} (${details.expectedFrom}${details.declaredIn === undefined ? '' : ` in ${details.declaredIn}`})`,
        seen: `${details.seen.steps.join(' → ')} in ${round(details.share * 100)} % of the runs${details.waitMs === undefined ? '' : `, waiting ${ms(details.waitMs)}`}`,
      };
    case 'coverage':
      return {
        expected: `a test for ${details.function.name}, which ran ${details.uses} times`,
        seen: `${details.uncoveredLines.length} lines that no test runs: ${ranges(details.uncoveredLines)}`,
      };
    case 'error':
      return {
        expected: EXPECTED_ERRORS[details.trend],
        seen: `${details.error.count} times, ${round(details.ratePerMinute)} a minute${details.shareOfCalls === undefined ? '' : `, ${round(details.shareOfCalls * 100)} % of the calls`}${metrics.ratio === undefined ? '' : `, ${round(metrics.ratio)} times the rate before`}`,
      };
    case 'signal':
      return { expected: `${round(details.expected)} ${details.measure}`, seen: `${round(details.seen)} ${details.measure}` };
  }
}

const FROM = { budget: 'its budget', release: 'release', window: 'the time before', baseline: 'what was learned, release' } as const;

const EXPECTED_ERRORS = {
  new: 'none: it was not seen before',
  regressed: 'none: it was gone, and is back',
  rising: 'none, or at most as often as before',
  steady: 'none',
  falling: 'none',
} as const;

function ms(value: number): string {
  return `${round(value)} ms`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** `3-5, 9`. */
function ranges(lines: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else parts.push([line, line]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
