import type { LineRank } from './rank-lines.ts';

/** What became of one edit on a line: the share of failing assertions that it made pass, and of passing ones that it broke. 0..1. */
export interface LineTrial {
  readonly file: string;
  readonly line: number;
  readonly fixed: number;
  readonly broken: number;
  /** 0..1, of plausible edits alone: their rank among each other. */
  readonly plausible: number;
}

/**
 * Ranks anew by what edits did (mutation-based localisation: MUSE, Moon et al., ICST 2014; Metallaxis, Papadakis and Le Traon, 2015): a
 * line where an edit makes failing tests pass is likelier at fault than one where edits change nothing or only break what passed.
 */
export function rankByTrials(ranks: readonly LineRank[], trials: readonly LineTrial[]): LineRank[] {
  const best = new Map<string, { gain: number; plausible: number; fixed: number }>();
  for (const { file, line, fixed, broken, plausible } of trials) {
    const key = `${file}:${line}`;
    const known = best.get(key) ?? { gain: 0, plausible: 0, fixed: 0 };
    best.set(key, {
      gain: Math.max(known.gain, fixed - broken),
      plausible: Math.max(known.plausible, plausible),
      fixed: Math.max(known.fixed, fixed),
    });
  }
  return ranks
    .map((rank): LineRank => {
      const found = best.get(`${rank.file}:${rank.line}`);
      if (found === undefined || (found.gain === 0 && found.plausible === 0)) return { ...rank, score: rank.score * 0.25 };
      const told =
        found.plausible > 0
          ? 'an edit here makes all tests pass'
          : `an edit here makes ${Math.round(found.fixed * 100)} % of what fails pass`;
      const score = 0.25 * rank.score + 0.25 * found.gain + 0.5 * found.plausible;
      return { ...rank, score, why: `${told}; ${rank.why}` };
    })
    .sort((a, b) => b.score - a.score || a.line - b.line);
}
