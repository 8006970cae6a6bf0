import type { Handler } from '@selfheal/contracts';
import { analyzeCoverage } from '@selfheal/repair';

/**
 * diagnosis.analyze, movement analyze. Finds which code production uses and no test runs; leaves anomalies of other types alone.
 * Reads: anomalies, code base, sources. Writes: nothing. Fails: never; what cannot be explained abstains with its reason.
 */
export const analyzeCoverageIssues: Handler<'analyzeCoverageIssues'> = ({ anomalies, codebase, sources }) => ({
  issues: anomalies.flatMap((anomaly) => analyzeCoverage(anomaly, codebase, sources) ?? []),
});
