import type { Anomaly, Level, SignalDetails, TelemetrySnapshot } from '@selfheal/contracts';
import { anomalyId, fingerprintOf } from '../naming/fingerprint.ts';
import { count, percent, probability, releaseName } from '../naming/words.ts';
import { type Point, plotOf } from '../plots/plot.ts';
import type { MixChange } from './count-vectors.ts';
import type { LogWindow } from './log-windows.ts';
import type { NewEvent } from './new-events.ts';

export const LOG_PATTERNS = 'log-patterns';
/** All kinds of lines of a service are one place. */
export const PLACE = { sequence: 'log lines' };

const MINUTE = 60_000;
const MAX_PARTS = 20;
const MAX_EVIDENCE = 20;
const SHOWN = 3;

interface Seen {
  readonly release: string;
  readonly windows: readonly LogWindow[];
}

/** All new kinds of lines of a sweep are one finding. */
export function newEventsAnomaly(snapshot: TelemetrySnapshot, { release, windows }: Seen, found: readonly NewEvent[]): Anomaly {
  const first = Math.min(...found.map(({ since }) => since));
  const ids = new Set(found.map(({ template }) => template.id));
  const rates = windows.map((window): Point => [window.start, ratePerMinute(window, ids)]);
  const names = found.map(({ template }) => `"${template.template}"`);
  const facts = found
    .slice(0, SHOWN)
    .map(
      ({ template, since, windows: having, count: lines, pValue }) =>
        `"${template.template}" (${template.severity}) ${count(lines, 'time')} in ${having} of the ${count(windows.length - since, 'window')} since ${timeOf(windows[since])}, in none of the ${since} before (${probability(pValue)})`,
    );
  const after = rates.slice(first);
  return signalAnomaly(snapshot, {
    release,
    cause: ['new', ...[...ids].sort()],
    title: `New kind of log line: ${names[0] ?? ''}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`,
    description: `In ${releaseName(release)}: ${facts.join('; ')}. Fisher's exact test over windows, corrected for all templates and moments.`,
    severity: found.some(({ template }) => template.severity === 'error' || template.severity === 'fatal') ? 'medium' : 'low',
    confidence: 0.6,
    metrics: { kinds: found.length, lines: found.reduce((sum, one) => sum + one.count, 0), pValue: found[0]?.pValue ?? 1 },
    details: {
      type: 'signal',
      signal: 'log-patterns',
      measure: 'log lines of new kinds a minute',
      expected: 0,
      seen: mean(after.map(([, rate]) => rate)),
      parts: found.slice(0, MAX_PARTS).map(({ template, count: lines }) => ({ name: template.template, expected: 0, seen: lines })),
    },
    plot: plotOf('log lines of new kinds a minute', rates.slice(0, first), after, 0),
    evidence: found.flatMap(({ template }) => template.example ?? []).slice(0, MAX_EVIDENCE),
    lastSeen: windows.at(-1)?.end ?? snapshot.now,
  });
}

export function mixChangeAnomaly(snapshot: TelemetrySnapshot, { release, windows }: Seen, change: MixChange): Anomaly {
  const { since, distances, allowed, reference } = change;
  const parts = differences(windows.slice(0, reference), windows.slice(since));
  const points = windows.map((window, nth): Point => [window.start, distances[nth] ?? 0]);
  const seen = mean(distances.slice(since));
  const shown = parts.slice(0, SHOWN).map((part) => `"${part.name}" ${percent(part.expected)} → ${percent(part.seen)} of the lines`);
  return signalAnomaly(snapshot, {
    release,
    cause: [
      'mix',
      ...parts
        .slice(0, SHOWN)
        .map(({ id }) => id)
        .sort(),
    ],
    title: `The mix of log lines changed at ${timeOf(windows[since])}`,
    description: `In ${releaseName(release)}, the last ${count(windows.length - since, 'window')} are unlike each of the ${reference} that they are compared with (distance ${seen.toFixed(2)}, ${allowed.toFixed(2)} allowed): ${shown.join('; ')}.`,
    severity: 'low',
    confidence: Math.min(0.8, 0.4 + 0.2 * (seen / allowed - 1)),
    metrics: { distance: seen, allowed, windows: windows.length - since },
    details: {
      type: 'signal',
      signal: 'log-patterns',
      measure: 'Hellinger distance of the mix of log lines to the nearest earlier one',
      expected: allowed,
      seen,
      parts: parts.slice(0, MAX_PARTS).map(({ name, expected, seen: now }) => ({ name, expected, seen: now })),
    },
    plot: plotOf('distance to the nearest earlier mix', points.slice(0, since), points.slice(since), allowed),
    evidence: windows
      .slice(since)
      .flatMap(({ counts }) => parts.slice(0, SHOWN).flatMap(({ id }) => counts.get(id)?.example ?? []))
      .slice(0, MAX_EVIDENCE),
    lastSeen: windows.at(-1)?.end ?? snapshot.now,
  });
}

interface Told {
  readonly release: string;
  readonly cause: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly severity: Level;
  readonly confidence: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly details: SignalDetails;
  readonly plot: NonNullable<Anomaly['plot']>;
  readonly evidence: Anomaly['evidence'];
  readonly lastSeen: number;
}

function signalAnomaly(snapshot: TelemetrySnapshot, { release, cause, lastSeen, metrics, ...told }: Told): Anomaly {
  const fingerprint = fingerprintOf('behavioral', LOG_PATTERNS, ...cause);
  return {
    id: anomalyId(snapshot.projectId, fingerprint, snapshot.now),
    projectId: snapshot.projectId,
    type: 'behavioral',
    detector: LOG_PATTERNS,
    fingerprint,
    place: PLACE,
    ...(release === '' ? {} : { release }),
    ...told,
    metrics: { ...metrics, lastSeen },
    finding: true,
    detectedAt: snapshot.now,
    window: snapshot.window,
  };
}

/** Shares of each kind of line then and now, the largest difference first. */
function differences(before: readonly LogWindow[], after: readonly LogWindow[]) {
  const names = new Map([...before, ...after].flatMap(({ counts }) => [...counts].map(([id, { template }]) => [id, template] as const)));
  return [...names]
    .map(([id, name]) => ({ id, name, expected: shareOf(id, before), seen: shareOf(id, after) }))
    .sort((a, b) => Math.abs(b.seen - b.expected) - Math.abs(a.seen - a.expected) || a.id.localeCompare(b.id));
}

function shareOf(id: string, windows: readonly LogWindow[]): number {
  const lines = windows.reduce((sum, window) => sum + window.lines, 0);
  return windows.reduce((sum, { counts }) => sum + (counts.get(id)?.count ?? 0), 0) / Math.max(1, lines);
}

function ratePerMinute({ counts, start, end }: LogWindow, ids: ReadonlySet<string>): number {
  const lines = [...counts].reduce((sum, [id, { count: times }]) => sum + (ids.has(id) ? times : 0), 0);
  return (lines * MINUTE) / Math.max(1, end - start);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function timeOf(window: LogWindow | undefined): string {
  return window === undefined ? 'an unknown time' : new Date(window.start).toISOString();
}
