import type { Handler } from '@selfheal/contracts';
import { analyzeBehavior } from '@selfheal/repair';

/**
 * diagnosis.analyze, movement analyze. Finds why a flow does not run as expected; leaves anomalies of other types alone.
 * Reads: anomalies, code base, sources. Writes: nothing. Fails: never; what cannot be explained abstains with its reason.
 */
export const analyzeBehavioralIssues: Handler<'analyzeBehavioralIssues'> = ({ anomalies, codebase, sources }) => ({
  issues: anomalies.flatMap((anomaly) => analyzeBehavior(anomaly, codebase, sources) ?? []),
});
