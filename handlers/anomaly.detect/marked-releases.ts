import type { ReleaseMark, TelemetryEvent, TelemetrySlice } from '@selfheal/contracts';

/** Gives telemetry that names no release the one that was marked as running then. */
export interface MarkedReleases {
  slice(slice: TelemetrySlice): TelemetrySlice;
  event<E extends Pick<TelemetryEvent, 'time' | 'release'>>(event: E): E;
}

/** By the marks that a person or a deployment made (`selfheal release NAME`). A slice that spans a mark belongs to where most of it lies. */
export function markedReleases(marks: readonly ReleaseMark[]): MarkedReleases {
  const order = marks.filter(({ marked }) => marked === true).sort((a, b) => b.at - a.at);
  const runningAt = (time: number) => order.find(({ at }) => at <= time)?.name;
  return {
    slice(slice) {
      const release = slice.release === '' ? runningAt((slice.from + slice.to) / 2) : undefined;
      return release === undefined ? slice : { ...slice, release };
    },
    event(event) {
      const release = event.release === undefined ? runningAt(event.time) : undefined;
      return release === undefined ? event : { ...event, release };
    },
  };
}
