import type { WarmResult } from '@selfheal/contracts';
import type { Spectrum } from './formulas.ts';

/** One assertion, with the lines (from 1) of each source of which some code ran for it. */
export interface ObservedLines {
  readonly passed: boolean;
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Each assertion is an observation of its own; what ran only while a module loaded does not count. */
export function observedLines(texts: ReadonlyMap<string, string>, results: readonly WarmResult[]): ObservedLines[] {
  const observations = results.flatMap((result) => result.observations.filter(({ id, passed }) => id !== '' || !passed));
  return observations.map(({ passed, covered }) => {
    const lines = new Map<string, Set<number>>();
    for (const [file, text] of texts) {
      const ranges = covered.flatMap((byFile) => byFile[file] ?? []);
      if (ranges.length > 0) lines.set(file, linesRun(text, ranges));
    }
    return { passed, lines };
  });
}

/** Spectra by file and line. */
export function lineSpectra(observed: readonly ObservedLines[]): Map<string, Map<number, Spectrum>> {
  const failed = observed.filter(({ passed }) => !passed).length;
  const counts = new Map<string, Map<number, { ef: number; ep: number }>>();
  for (const { passed, lines } of observed) {
    for (const [file, ran] of lines) {
      const ofFile = counts.get(file) ?? new Map<number, { ef: number; ep: number }>();
      counts.set(file, ofFile);
      for (const line of ran) {
        const count = ofFile.get(line) ?? { ef: 0, ep: 0 };
        if (passed) count.ep += 1;
        else count.ef += 1;
        ofFile.set(line, count);
      }
    }
  }
  const all = observed.length;
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
