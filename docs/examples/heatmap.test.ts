import { describe, expect, it } from 'vitest';
import { heatmap } from './heatmap.ts';

const heat = (...ratios: readonly (number | undefined)[]) =>
  ratios.map((ratio) => (ratio === undefined ? undefined : { calls: 9, p95: 10 * ratio, ratio }));

describe('the heat map', () => {
  it('shades an operation where it got slow, and leaves gaps where it was not called', () => {
    expect(
      heatmap([
        { operation: 'search', p50: 20, shareOfTime: 0.9, heat: heat(1, 1.3, 2, 4, 10) },
        { operation: 'quote', p50: 5.04, shareOfTime: 0.1, heat: heat(1, undefined, 1, 1, 1) },
      ]),
    ).toEqual(['search │·░▒▓█│ p50 20.0 ms, 90 % of all time', 'quote  │· ···│ p50 5.0 ms, 10 % of all time']);
  });

  it('has no row where nothing was timed', () => {
    expect(heatmap([])).toEqual([]);
    expect(heatmap([{ operation: 'ping', p50: undefined, shareOfTime: 0, heat: heat(undefined) }])).toEqual([]);
  });
});
