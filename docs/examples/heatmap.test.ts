import { loadHandlers } from '@selfheal/handlers';
import { describe, expect, it } from 'vitest';
import { heatmap } from './heatmap.ts';

const START = Date.UTC(2026, 2, 2, 10);

const { normalizeTelemetryData, aggregateTelemetryMetrics } = await loadHandlers['telemetry.parse']();

/** Slices as telemetry.parse makes them of a JSON log: one call of each handler a second. */
function slicesOf(handlers: Readonly<Record<string, (second: number) => number>>, seconds: number) {
  const events = Array.from({ length: seconds }, (_, second) =>
    Object.entries(handlers).map(([handler, durationOf], index) => ({
      id: `app:${second}-${index}`,
      source: 'app.log',
      line: second + 1,
      format: 'json',
      text: `${handler} completed`,
      stamp: START + second * 1_000,
      ingestedAt: START,
      level: 'info',
      fields: { handler, durationMs: durationOf(second) },
    })),
  ).flat();
  const normal = normalizeTelemetryData({ events, miner: { version: 1, templates: [] } });
  return aggregateTelemetryMetrics({ events: normal.events }).slices;
}

describe('the heat map', () => {
  it('puts the operation that takes most time first, and shades it where it got slow', () => {
    const slices = slicesOf({ quote: () => 5, search: (second) => (second < 900 ? 20 : 200) }, 1_200);
    const [first, second] = heatmap(slices, 10);
    expect(first).toMatch(/^search │·{7}[·█]██│ p50 20\.0 ms/);
    expect(second).toMatch(/^quote {2}│·{10}│ p50 5\.0 ms, 6\.0 s in all$/);
  });

  it('has no row where nothing was timed', () => {
    expect(heatmap([])).toEqual([]);
  });
});
