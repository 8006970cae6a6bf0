import type { TelemetrySlice, TelemetrySnapshot } from '@selfheal/contracts';
import { pickCurrent } from '../releases/live-releases.ts';

export type TemplateCount = TelemetrySlice['templates'][number];

/** What was logged in one stretch of time, by template id. */
export interface LogWindow {
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly counts: ReadonlyMap<string, TemplateCount>;
  /** The rarest templates may have been cut off. */
  readonly isCut: boolean;
}

/** As many templates a slice keeps at most (packages/telemetry). */
const MOST_TEMPLATES = 200;
/** A window of fewer lines has no mix to speak of. */
const LEAST_LINES = 20;
export const LEAST_WINDOWS = 14;

/** The windows of the release that is judged, oldest first; undefined where they are too few. Windows with hardly a line are left out. */
export function logWindows(snapshot: TelemetrySnapshot): { release: string; windows: LogWindow[] } | undefined {
  const releases = [...Map.groupBy(snapshot.slices, ({ release }) => release)].map(([release, slices]) => ({
    release,
    windows: slices
      .map(windowOf)
      .filter(({ lines }) => lines >= LEAST_LINES)
      .sort((a, b) => a.start - b.start),
  }));
  return pickCurrent(releases, snapshot, ({ windows }) => windows.length >= LEAST_WINDOWS);
}

function windowOf({ bucketStart, bucketMs, templates }: TelemetrySlice): LogWindow {
  return {
    start: bucketStart,
    end: bucketStart + bucketMs,
    lines: templates.reduce((sum, { count }) => sum + count, 0),
    counts: new Map(templates.map((template) => [template.id, template])),
    isCut: templates.length >= MOST_TEMPLATES,
  };
}
