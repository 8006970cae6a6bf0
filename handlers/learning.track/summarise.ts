import type { Anomaly, MetricSummary } from '@selfheal/contracts';
import { mean, quantile } from 'simple-statistics';
import { flowConformance } from '../deployment.deploy/observe/flow-conformance.ts';
import { callsOf, durationsOf, errorCount, type Observation, operationsOf } from '../deployment.deploy/observe/observation.ts';

const MOST_DURATIONS = 512;

/** The figures of one stretch that bear on the anomaly. Durations in ms. */
export function summarise(observation: Observation, anomaly: Anomaly): MetricSummary {
  const operations = operationsOf(anomaly);
  const { calls, failed } = callsOf(observation, operations);
  const durations = durationsOf(observation, operations).slice(0, MOST_DURATIONS);
  const { runs, conforming } = flowConformance(observation.flows, anomaly);
  return {
    from: observation.from,
    to: observation.to,
    count: calls,
    errors: failed,
    errorRate: calls === 0 ? 0 : failed / calls,
    ...(durations.length === 0 ? {} : { p50: quantile(durations, 0.5), p95: quantile(durations, 0.95), meanMs: mean(durations) }),
    durations,
    incidentErrors: anomaly.details.type === 'error' ? errorCount(observation, anomaly.details.error.fingerprint) : 0,
    flowRuns: runs,
    flowConforming: conforming,
  };
}
