/** How slow the slow end of an operation was against its usual, in steps that double. Worded, shaded and coloured alike everywhere. */
export interface HeatLevel {
  /** From this ratio on. */
  readonly from: number;
  readonly words: string;
  readonly shade: string;
}

export const NO_CALLS = { words: 'no timed call', shade: ' ' } as const;

export const HEAT_LEVELS: readonly HeatLevel[] = [
  { from: 0, words: 'as usual', shade: '·' },
  { from: 1.25, words: 'slower', shade: '░' },
  { from: 2, words: 'twice as slow', shade: '▒' },
  { from: 4, words: 'four times as slow', shade: '▓' },
  { from: 8, words: 'eight times as slow or more', shade: '█' },
];

/** Index in HEAT_LEVELS. */
export function heatLevel(ratio: number): number {
  return Math.max(
    0,
    HEAT_LEVELS.findLastIndex(({ from }) => ratio >= from),
  );
}
