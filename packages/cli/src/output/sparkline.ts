import type { Plot } from '@selfheal/contracts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const MAX_WIDTH = 40;

/** `▁▁▂▁│▆▇█▇`: before and after on one scale that begins at zero. A side with many points is drawn by the largest of neighbours. */
export function sparkline({ before, after }: Plot, width = MAX_WIDTH): string {
  const sides = [before, after].map((points) =>
    shrink(
      points.map(([, value]) => value),
      Math.floor(width / 2),
    ),
  );
  const most = Math.max(...sides.flat(), 0);
  return sides.map((values) => values.map((value) => barOf(value, most)).join('')).join('│');
}

function barOf(value: number, most: number): string {
  const at = most === 0 ? 0 : Math.round((value / most) * (BARS.length - 1));
  return BARS[Math.max(0, at)] ?? '';
}

function shrink(values: readonly number[], width: number): number[] {
  const step = Math.max(1, values.length / width);
  return Array.from({ length: Math.min(width, values.length) }, (_, nth) =>
    Math.max(...values.slice(Math.floor(nth * step), Math.max(Math.floor(nth * step) + 1, Math.floor((nth + 1) * step)))),
  );
}
