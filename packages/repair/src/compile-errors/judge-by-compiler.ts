import type { JudgedPatch } from '../judge-patches/judge-patches.ts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';

/** What a compiler that is content says for an edit: more than nothing, less than tests. */
const EVIDENCE = 0.8;

/** Patches that compile, where no test tells more: the confidence is the share of the edit's weight among all that compile. */
export function judgeByCompiler(candidates: readonly RepairCandidate[]): JudgedPatch[] {
  const total = candidates.reduce((sum, { score }) => sum + score, 0);
  return candidates.map((candidate) => {
    const share = total === 0 ? 0 : candidate.score / total;
    return {
      candidate,
      confidence: EVIDENCE * share ** 0.5 * Math.min(1, 0.35 + candidate.naturalness),
      why: `${candidates.length} edits compile, this one has ${Math.round(100 * share)} % of the weight of all; no test says more`,
    };
  });
}
