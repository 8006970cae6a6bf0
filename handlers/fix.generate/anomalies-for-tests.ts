import type { Anomaly, AnomalyDetails, BehavioralDetails, RecordedCall } from '@selfheal/contracts';

type FlowFault = Pick<BehavioralDetails, 'flow' | 'deviation' | 'expected'> &
  Partial<Pick<BehavioralDetails, 'steps' | 'waitMs' | 'expectedFrom'>> & { seen: string[]; input?: unknown; request?: unknown };

/** An anomaly of a flow as detection tells it: each run logs one line for each step. */
export function flowAnomaly({ seen, input, request, steps = [], waitMs, expectedFrom = 'declared', ...fault }: FlowFault): Anomaly {
  const lines = seen.map((step, index) => ({
    eventId: `e${index}`,
    source: 'app.log',
    line: index + 1,
    time: index,
    text: JSON.stringify({ step }),
  }));
  const values = JSON.parse(JSON.stringify({ input, request }));
  const none = seen.map(() => null);
  return ofDetails({
    type: 'behavioral',
    ...fault,
    expectedFrom,
    steps,
    share: 1,
    ...(waitMs === undefined ? {} : { waitMs }),
    seen: {
      key: seen.join('>'),
      steps: seen,
      count: 20,
      stuck: 0,
      gapsMs: none,
      durationsMs: none,
      explainedWaitMs: seen.map(() => 0),
      examples: [{ flowId: 'f1', lines, ...values }],
    },
  });
}

/** An anomaly of code that production runs and no test does. */
export function coverageAnomaly(
  file: string,
  name: string,
  [startLine, endLine]: [number, number],
  calls: { input?: unknown; output?: unknown; request?: unknown }[],
): Anomaly {
  const recorded = calls.map(
    (call, index): RecordedCall => ({ operation: name, eventId: `e${index}`, outcome: 'ok', ...JSON.parse(JSON.stringify(call)) }),
  );
  return ofDetails({
    type: 'coverage',
    operation: name,
    uses: 40,
    inNewestRelease: true,
    uncoveredLines: Array.from({ length: endLine - startLine }, (_, index) => startLine + 1 + index),
    function: { operation: name, functionId: `${file}#${name}@${startLine}`, name, file, startLine, endLine },
    calls: recorded,
  });
}

/** An anomaly of a function that takes ten times what it should. */
export function slowAnomaly(operation: string): Anomaly {
  const figures = { expectedMs: 5, seenMs: 50, ratio: 10, p50: 50, p95: 60, p99: 70, count: 100 };
  const anomaly = ofDetails({ type: 'performance', operation, expectedFrom: 'baseline', ...figures, slowest: [], calls: [] });
  return { ...anomaly, title: `${operation} is slow`, place: { operation, handler: operation } };
}

function ofDetails(details: Exclude<AnomalyDetails, { type: 'signal' }>): Anomaly {
  return {
    id: `a-${details.type}`,
    projectId: 'p1',
    type: details.type,
    detector: 'test',
    fingerprint: `f-${details.type}`,
    title: 'incident',
    description: '',
    severity: 'high',
    confidence: 0.9,
    place: {},
    metrics: {},
    evidence: [],
    details,
    finding: false,
    detectedAt: 0,
    window: { from: 0, to: 1 },
  };
}
