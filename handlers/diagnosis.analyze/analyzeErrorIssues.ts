import type { Handler } from '@selfheal/contracts';
import { analyzeError } from '@selfheal/repair';

/**
 * diagnosis.analyze, movement analyze. Finds the fault behind an error pattern; leaves anomalies of other types alone.
 * Reads: anomalies, code base, sources. Writes: nothing. Fails: never; what cannot be explained abstains with its reason.
 */
export const analyzeErrorIssues: Handler<'analyzeErrorIssues'> = ({ anomalies, codebase, sources }) => ({
  issues: anomalies.flatMap((anomaly) => analyzeError(anomaly, codebase, sources) ?? []),
});
