import type { WarmResult } from '@selfheal/contracts';
import type { Spectrum } from './formulas.ts';

/** Spectra by file and line (from 1). Each assertion is an observation of its own; what ran only while a module loaded does not count. */
export function lineSpectra(texts: ReadonlyMap<string, string>, results: readonly WarmResult[]): Map<string, Map<number, Spectrum>> {
  const observations = results.flatMap((result) => result.observations.filter(({ id, passed }) => id !== '' || !passed));
  const failed = observations.filter(({ passed }) => !passed).length;
  const counts = new Map<string, Map<number, { ef: number; ep: number }>>();
  for (const { passed, covered } of observations) {
    for (const [file, text] of texts) {
      const ranges = covered.flatMap((byFile) => byFile[file] ?? []);
      if (ranges.length === 0) continue;
      const lines = counts.get(file) ?? new Map<number, { ef: number; ep: number }>();
      counts.set(file, lines);
      for (const line of linesRun(text, ranges)) {
        const count = lines.get(line) ?? { ef: 0, ep: 0 };
        if (passed) count.ep += 1;
        else count.ef += 1;
        lines.set(line, count);
      }
    }
  }
  const all = observations.length;
  const complete = ({ ef, ep }: { ef: number; ep: number }): Spectrum => ({ ef, ep, nf: failed - ef, np: all - failed - ep });
  return new Map([...counts].map(([file, lines]) => [file, new Map([...lines].map(([line, count]) => [line, complete(count)]))]));
}

/** Lines of which some code ran: blocks are applied outer before inner. */
function linesRun(text: string, ranges: readonly (readonly [number, number, number])[]): Set<number> {
  const ran = new Uint8Array(text.length);
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  for (const [start, end, count] of sorted) ran.fill(count > 0 ? 1 : 0, start, end);
  const lines = new Set<number>();
  let line = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) line += 1;
    else if (ran[at] === 1 && code > 32 && code !== 125) lines.add(line);
  }
  return lines;
}
