import type { FlowStats, FlowVariant } from '@selfheal/contracts';

/** One way in which a flow ran, ready for comparison. */
export interface Runs {
  /** As seen, without what was run again. */
  readonly steps: readonly string[];
  readonly count: number;
  /** Runs that a refusal or an error cut short: what is missing at their end is no deviation. */
  readonly failed: number;
  readonly stuck: number;
  /** Steps that ran several times in a row. */
  readonly retried: readonly string[];
  readonly variant: FlowVariant;
}

/**
 * The runs of a flow. A flow that starts over within one run (the caller tried again) counts from its last start; a step tried
 * several times in a row counts once.
 */
export function runsOf({ variants }: Pick<FlowStats, 'variants'>, firstStep: string | undefined): Runs[] {
  return variants.map((variant) => {
    const lastStart = firstStep === undefined ? -1 : variant.steps.lastIndexOf(firstStep);
    const attempt = lastStart > 0 && variant.steps[0] === firstStep ? variant.steps.slice(lastStart) : variant.steps;
    const steps = attempt.filter((step, at) => step !== attempt[at - 1]);
    return {
      steps,
      count: variant.count,
      failed: failedRuns(variant),
      stuck: variant.stuck,
      retried: [...new Set(attempt.filter((step, at) => step === attempt[at - 1]))],
      variant,
    };
  });
}

export function countOf(runs: readonly Runs[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

/** Runs that went to an end of their own. */
export function completedOf({ count, failed, stuck }: Runs): number {
  return Math.max(0, count - failed - stuck);
}

function failedRuns({ failed, count, examples }: FlowVariant): number {
  const refused = examples.length > 0 && examples.every(({ request }) => (request?.status ?? 0) >= 400);
  return refused ? count : (failed ?? 0);
}
