import type { Anomaly, CoverageDetails, Patch, Ports, Verification } from '@selfheal/contracts';
import { coveredLines } from './judge-coverage.ts';

/** A test gap needs no traffic: the merged suite is run, and covers the named lines or does not. */
export async function verifyCoverage(
  { codebase, clock }: Pick<Ports, 'codebase' | 'clock'>,
  request: { anomaly: Anomaly; details: CoverageDetails; patch: Patch; mergeCommit: string },
): Promise<Verification> {
  const { details, patch, mergeCommit } = request;
  const from = clock.now();
  const [coverage, before, after] = await Promise.all([
    codebase.coverage(mergeCommit),
    codebase.snapshot(patch.base),
    codebase.snapshot(mergeCommit),
  ]);
  const base = { recurrences: 0, from };
  if (coverage === undefined) {
    const detail = 'the merged tests could not be run with coverage';
    return { ...base, verdict: 'inconclusive', traffic: 0, before: {}, after: {}, detail, to: clock.now() };
  }
  const { file } = details.function;
  const { covered, total } = coveredLines(coverage, details, before.files[file] === after.files[file]);
  return {
    ...base,
    verdict: total > 0 && covered === total ? 'verified' : covered === 0 ? 'failed' : 'inconclusive',
    traffic: total,
    before: { coveredLines: 0, totalLines: total },
    after: { coveredLines: covered, totalLines: total },
    detail: `the merged tests cover ${covered} of the ${total} lines of ${details.function.name} that none covered`,
    to: clock.now(),
  };
}
