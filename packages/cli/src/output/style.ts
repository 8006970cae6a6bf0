import picocolors from 'picocolors';
import type { Terminal } from '../terminal.ts';

export type Style = ReturnType<typeof picocolors.createColors>;

/** Colours where the stream is a terminal and NO_COLOR is unset. */
export function styleOf(terminal: Terminal): Style {
  const wanted = terminal.env.NO_COLOR === undefined && (terminal.stdout.isTTY === true || terminal.env.FORCE_COLOR !== undefined);
  return picocolors.createColors(wanted);
}

/** `820 ms`, `1.2 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Colours a unified diff. */
export function colourDiff(diff: string, style: Style): string {
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('diff ')) return style.bold(line);
      if (line.startsWith('@@')) return style.cyan(line);
      if (line.startsWith('+')) return style.green(line);
      return line.startsWith('-') ? style.red(line) : line;
    })
    .join('\n');
}
