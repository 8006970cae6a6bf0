import type { Handler, IssueAnalysis } from '@selfheal/contracts';

/**
 * diagnosis.analyze, movement results. Says in one line what was found.
 * Reads: the stored outcome, issues. Writes: nothing. Fails: never.
 */
export const analyzeCompleted: Handler<'analyzeCompleted'> = ({ diagnosisId, abstained, confidence, issues }) => ({
  diagnosisId,
  ...(abstained === undefined ? {} : { abstained }),
  confidence,
  summary: abstained === undefined ? found(issues, confidence) : `abstains: ${abstained}`,
});

function found(issues: readonly IssueAnalysis[], confidence: number): string {
  const best = issues.find((issue) => issue.abstain === undefined && issue.rootCause.confidence === confidence) ?? issues[0];
  if (best === undefined) return 'nothing was analysed';
  const { category, location } = best.rootCause;
  const where = `${location.file}:${location.line}${location.function === undefined ? '' : ` in ${location.function}`}`;
  return `${category} at ${where}, confidence ${confidence.toFixed(2)}`;
}
