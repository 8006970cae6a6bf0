import type { Handler } from '@selfheal/contracts';
import { analyzePerformance } from '@selfheal/repair';

/**
 * diagnosis.analyze, movement analyze. Finds what makes an operation slow; leaves anomalies of other types alone.
 * Reads: anomalies, code base, sources. Writes: nothing. Fails: never; what cannot be explained abstains with its reason.
 */
export const analyzePerformanceIssues: Handler<'analyzePerformanceIssues'> = ({ anomalies, codebase, sources }) => ({
  issues: anomalies.flatMap((anomaly) => analyzePerformance(anomaly, codebase, sources) ?? []),
});
