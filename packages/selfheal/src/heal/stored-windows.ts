import type { LakeBatch, Records } from '@selfheal/contracts';

/** Epoch ms, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

interface Stretch extends Window {
  readonly events: number;
}

/** A stretch with fewer events, or a smaller share of the fullest one, is too thin to stand for how the service does. */
const FEW_EVENTS = 50;
const SMALL_SHARE = 0.01;
/** So many of the newest are judged where all are thin: each costs a sweep. */
const MOST_WINDOWS = 10;
/** A clock that is no further ahead is waited for: its events come into the window of now by themselves. */
const SMALL_LEAD_MS = 5 * 60_000;

/**
 * What to judge of all that is stored: its newest stretch, at most `lookbackMs` back from the stretch's own end, so that logs of last
 * month are judged as of then. Stretches lie more than `lookbackMs` apart. A thin one (a single event dated in the future, one event of
 * today beside logs of last month) does not hide the one before it: both are judged, each in a window of its own. A source that lags, or whose
 * clock is another, is not hidden by one that is ahead: where its newest stretch lies in no window, it has a window too. Oldest first.
 */
export async function storedWindows(records: Records, projectId: string, lookbackMs: number): Promise<Window[]> {
  const batches = await records.list('batch', { where: { projectId } });
  const spans = await Promise.all(batches.map((batch) => spansOf(records, batch, lookbackMs)));
  const stretches = joined(spans.flat(), lookbackMs);
  const enough = Math.max(FEW_EVENTS, SMALL_SHARE * Math.max(0, ...stretches.map(({ events }) => events)));
  const last = stretches.findLastIndex(({ events }) => events >= enough);
  const judged = last < 0 ? stretches.slice(-MOST_WINDOWS) : stretches.slice(last);
  const windows = judged.map((stretch) => windowOf(stretch, lookbackMs));
  const newest = Math.max(...batches.map(({ createdAt }) => createdAt));
  for (const stretch of newestOfSources(batches, lookbackMs, newest - lookbackMs)) {
    const isCovered = windows.some(({ from, to }) => from <= stretch.to && stretch.to <= to);
    if (!isCovered && stretch.events >= enough) windows.push(windowOf(stretch, lookbackMs));
  }
  return windows.sort((a, b) => a.to - b.to).slice(-MOST_WINDOWS);
}

/**
 * Windows of the sources that something came of within `lookbackMs` before `now`, but whose newest events lie outside of that: their
 * clock is off, or they lag, or an old log was just given to us. Those that overlap are one window. Oldest first.
 */
export async function offClockWindows(records: Records, query: { projectId: string; now: number; lookbackMs: number }): Promise<Window[]> {
  const { projectId, now, lookbackMs } = query;
  const since = now - lookbackMs;
  const batches = await records.list('batch', { where: { projectId } });
  const stray = newestOfSources(batches, lookbackMs, since).filter(({ to }) => to < since || to > now + SMALL_LEAD_MS);
  return joined(stray, 0)
    .filter(({ events }) => events >= FEW_EVENTS)
    .map((stretch) => windowOf(stretch, lookbackMs))
    .slice(-MOST_WINDOWS);
}

function windowOf({ from, to }: Window, lookbackMs: number): Window {
  return { from: Math.max(from, to - lookbackMs), to: to + 1 };
}

/** The newest stretch of each source of which something was stored since then (epoch ms), the latest first. */
function newestOfSources(batches: readonly LakeBatch[], lookbackMs: number, since: number): Stretch[] {
  const fresh = new Set(batches.filter(({ createdAt }) => createdAt >= since).flatMap(namesOf));
  const spans = batches.flatMap(({ sources = [] }) => sources).filter(({ source }) => fresh.has(source));
  const bySource = Map.groupBy(spans, ({ source }) => source);
  return [...bySource.values()].flatMap((own) => joined(own, lookbackMs).slice(-1)).sort((a, b) => b.to - a.to);
}

function namesOf({ sources = [] }: LakeBatch): string[] {
  return sources.map(({ source }) => source);
}

/** A batch of several stretches is told apart by its slices. */
async function spansOf(records: Records, batch: LakeBatch, lookbackMs: number): Promise<Stretch[]> {
  if (batch.to - batch.from <= lookbackMs) return [batch];
  const slices = await records.list('slice', { where: { batchId: batch.id } });
  return slices.length === 0 ? [batch] : slices.map(({ slice }) => slice);
}

function joined(spans: readonly Stretch[], gapMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { from, to, events } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = stretches.at(-1);
    if (last === undefined || from - last.to > gapMs) stretches.push({ from, to, events });
    else stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, to), events: last.events + events };
  }
  return stretches;
}
