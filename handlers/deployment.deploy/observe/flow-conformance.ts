import type { Anomaly, BehavioralDetails, FlowStats, FlowVariant } from '@selfheal/contracts';

export interface Conformance {
  /** Runs that could have shown the deviation. */
  readonly runs: number;
  readonly conforming: number;
}

/** How many runs of the anomaly's flow are free of its deviation. */
export function flowConformance(flows: readonly FlowStats[], anomaly: Anomaly): Conformance {
  const { details, metrics } = anomaly;
  if (details.type !== 'behavioral') return { runs: 0, conforming: 0 };
  const variants = flows.filter(({ flow }) => flow === details.flow).flatMap((flow) => flow.variants);
  const counted = variants.map((variant) => countVariant(variant, details, metrics.expectedWaitMs ?? 0));
  return {
    runs: counted.reduce((total, { runs }) => total + runs, 0),
    conforming: counted.reduce((total, { conforming }) => total + conforming, 0),
  };
}

function countVariant(variant: FlowVariant, details: BehavioralDetails, expectedWaitMs: number): Conformance {
  const { count, stuck, failed = 0 } = variant;
  const completed = Math.max(0, count - stuck - failed);
  const whole = (runs: number, deviates: boolean): Conformance => ({ runs, conforming: deviates ? 0 : runs });
  switch (details.deviation) {
    case 'order':
      return whole(count, isSwapped(variant.steps, details));
    case 'missing':
      return whole(
        completed,
        details.steps.some((step) => !variant.steps.includes(step)),
      );
    case 'extra':
      return whole(
        count,
        details.steps.some((step) => timesIn(variant.steps, step) > timesIn(details.expected, step)),
      );
    case 'stuck':
      return stuckRuns(variant, completed, details.steps);
    case 'waiting':
      return waitingRuns(variant, details, expectedWaitMs);
  }
}

/** Any two of the steps concerned, in the other order than expected. */
function isSwapped(steps: readonly string[], { steps: concerned, expected }: BehavioralDetails): boolean {
  const inOrder = expected.filter((step, at) => concerned.includes(step) && expected.indexOf(step) === at);
  return inOrder.some((first, at) =>
    inOrder.slice(at + 1).some((second) => steps.includes(first) && steps.includes(second) && steps.indexOf(second) < steps.indexOf(first)),
  );
}

/** A run hangs where its last step is the one concerned and never ended, or where it ended before that step. */
function stuckRuns({ steps, stuck }: FlowVariant, completed: number, concerned: readonly string[]): Conformance {
  const [step = ''] = concerned;
  const hanging = steps.at(-1) === step ? stuck : 0;
  const reached = steps.includes(step) ? completed : 0;
  return { runs: completed + hanging, conforming: reached };
}

/** Runs with the step, by the mean unexplained wait before it: nearer to what is expected than to what was seen. */
function waitingRuns(variant: FlowVariant, { steps: concerned, waitMs = 0 }: BehavioralDetails, expectedWaitMs: number): Conformance {
  const at = variant.steps.indexOf(concerned[0] ?? '');
  const gap = variant.gapsMs[at];
  if (at < 1 || gap === null || gap === undefined) return { runs: 0, conforming: 0 };
  const wait = Math.max(0, gap - (variant.explainedWaitMs[at] ?? 0));
  const conforms = wait <= (expectedWaitMs + waitMs) / 2;
  return { runs: variant.count, conforming: conforms ? variant.count : 0 };
}

function timesIn(steps: readonly string[], step: string): number {
  return steps.filter((name) => name === step).length;
}
