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
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
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
