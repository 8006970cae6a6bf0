import type { Anomaly, Detector, FlowStats, TelemetrySnapshot } from '@selfheal/contracts';
import { thresholdFactor } from '../naming/threshold.ts';
import { pickCurrent } from '../releases/live-releases.ts';
import { type Deviation, MIN_DEVIATING_RUNS, MIN_SHARE } from './deviation.ts';
import { expectationFor } from './expectation.ts';
import { findOrderDeviations } from './find-order-deviations.ts';
import { findExtraSteps, findMissingSteps, findStuckSteps } from './find-step-deviations.ts';
import { findWaiting } from './find-waiting.ts';
import { FLOW_DEVIATIONS, flowAnomaly, placeOfDeviation } from './flow-anomaly.ts';
import { runsOf } from './runs.ts';

/**
 * Flows that run otherwise than declared, or than an earlier release ran them: order, missing, extra, repeated and stuck steps, and
 * waits that nothing explains. Runs that a refusal or an error ended early are no deviation, nor is what a healthy release did too.
 * Idea: conformance checking by comparing which step precedes which (footprints; van der Aalst, "Process Mining", 2016, chapter 8), the
 * shares of deviating runs by Fisher's exact test.
 */
export const detectFlowDeviations: Detector = {
  name: FLOW_DEVIATIONS,
  type: 'behavioral',
  detect(snapshot) {
    const flows = Map.groupBy(snapshot.flows, ({ flow }) => flow);
    return [...flows.values()].flatMap((same) => {
      const now = pickCurrent(same, snapshot, ({ count }) => count >= MIN_DEVIATING_RUNS);
      return now === undefined ? [] : detectIn(now, snapshot);
    });
  },
};

function detectIn(now: FlowStats, snapshot: TelemetrySnapshot): Anomaly[] {
  const expected = expectationFor(now, snapshot);
  if (expected === undefined) return [];
  const runs = runsOf(now, expected.steps[0]);
  const order = findOrderDeviations(runs, expected);
  const found = [
    ...order,
    ...findMissingSteps(runs, expected),
    ...findExtraSteps(runs, expected),
    ...findStuckSteps(runs, expected),
    ...findWaiting(runs, expected),
  ];
  return found
    .filter((deviation) => isEnough(deviation, thresholdFactor(snapshot, FLOW_DEVIATIONS, placeOfDeviation(now.flow, expected, deviation))))
    .map((deviation) => flowAnomaly(snapshot, now, expected, deviation));
}

function isEnough({ count, share }: Deviation, factor: number): boolean {
  return count >= MIN_DEVIATING_RUNS && share >= MIN_SHARE * factor;
}
