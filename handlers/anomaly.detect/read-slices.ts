import { coarsenSlices, slimSlice, timeAxis } from '@selfheal/anomaly';
import type { BeatContext, LakeBatch, Records, TelemetrySlice } from '@selfheal/contracts';
import { mergeSlices, templateCatalogue } from '@selfheal/telemetry';
import { markedReleases } from './marked-releases.ts';

const PAGE = 500;
/** A batch is cut into at most 64 slices, of a width that may be ten times too large. */
const WIDTH_OF_SPAN = 10 / 64;
const LEAST_WIDTH_MS = 10_000;

interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The slices of a window, merged by release (as telemetry names it, else as it was marked) and coarse time. Templates that proved to be one
 * since they were stored are one. Read page by page, so that a long window needs little memory. `visit` is given each page in the fine
 * stretches of time that are stored.
 */
export async function readSlices(
  records: Records,
  projectId: string,
  window: Window,
  beat: Pick<BeatContext, 'heartbeat'>,
  visit: (slices: readonly TelemetrySlice[]) => void = () => undefined,
): Promise<TelemetrySlice[]> {
  const batches = await records.list('batch', { where: { projectId }, range: { field: 'to', from: window.from } });
  const inWindow = batches.filter(({ from }) => from <= window.to);
  const axis = timeAxis(
    Math.max(
      window.from,
      least(inWindow, ({ from }) => from),
    ),
    Math.min(
      window.to,
      most(inWindow, ({ to }) => to),
    ),
  );
  const range = { field: 'bucketStart' as const, from: Math.min(window.from, least(inWindow, earliestBucket)), to: window.to + 1 };
  const catalogue = templateCatalogue((await records.get('miner', projectId))?.state);
  const marked = markedReleases(await records.list('release', { where: { projectId } }));
  let merged: TelemetrySlice[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await records.list('slice', { where: { projectId }, range, orderBy: { field: 'bucketStart' }, limit: PAGE, offset });
    const within = page
      .map(({ slice }) => catalogue.slice(marked.slice(slice)))
      .filter(({ from, to }) => to >= window.from && from <= window.to);
    visit(within);
    merged = coarsenSlices([...merged, ...within], axis, mergeSlices);
    if (page.length < PAGE) return merged.map(slimSlice);
    beat.heartbeat(`${offset + page.length} slices read`);
  }
}

/** A slice may begin this long before its batch's first event. */
function earliestBucket({ from, to }: LakeBatch): number {
  return from - Math.max(LEAST_WIDTH_MS, (to - from) * WIDTH_OF_SPAN);
}

function least(batches: readonly LakeBatch[], of: (batch: LakeBatch) => number): number {
  return batches.reduce((min, batch) => Math.min(min, of(batch)), Number.POSITIVE_INFINITY);
}

function most(batches: readonly LakeBatch[], of: (batch: LakeBatch) => number): number {
  return batches.reduce((max, batch) => Math.max(max, of(batch)), Number.NEGATIVE_INFINITY);
}
