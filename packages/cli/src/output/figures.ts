/** Three digits are enough for a person: `0.0123`, `12.3`, `12,345`. */
export function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** Less is noise to a reader. */
const LEAST_SHOWN = 0.1;

export function percent(share: number): string {
  if (share > 0 && share * 100 < LEAST_SHOWN) return `<${LEAST_SHOWN} %`;
  return `${figure(share * 100)} %`;
}

/** `3.2 ms`, `1.5 s`; a dash where nothing was timed. */
export function milliseconds(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms > 0 && ms < LEAST_SHOWN) return `<${LEAST_SHOWN} ms`;
  return ms >= 1_000 ? `${figure(ms / 1_000)} s` : `${figure(ms)} ms`;
}

/** `2026-05-04 09:00:00`, UTC. */
export function instant(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** Text cut to a width, its end shown by an ellipsis. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}
