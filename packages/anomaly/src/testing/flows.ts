import type { DeclaredFlow, FlowStats, FlowVariant } from '@selfheal/contracts';
import { line, START } from './snapshot.ts';

export interface VariantParts extends Partial<Omit<FlowVariant, 'key' | 'steps' | 'examples'>> {
  /** `a b c` */
  readonly steps: string;
  readonly status?: number;
  /** Time of the first example line; one line a step follows, after its gap and duration. */
  readonly at?: number;
}

/** A flow as the telemetry package folds it: each step takes 5 ms and follows at once unless told otherwise. */
export function flowOf(flow: string, release: string, variants: readonly VariantParts[]): FlowStats {
  const built = variants.map(variantOf);
  return { flow, release, count: built.reduce((sum, { count }) => sum + count, 0), variants: built };
}

export function declaredFlow(id: string, steps: string): DeclaredFlow {
  return {
    id,
    file: `sequences/${id}.json`,
    steps: steps.split(' ').map((handler, at) => ({ event: `${id}.${handler}`, handler, line: at + 3 })),
  };
}

function variantOf({ steps: text, status, at = START, ...parts }: VariantParts): FlowVariant {
  const steps = text.split(' ');
  const gapsMs = parts.gapsMs ?? steps.map((_, nth) => (nth === 0 ? null : 0.2));
  const durationsMs = parts.durationsMs ?? steps.map(() => 5);
  let time = at;
  const lines = steps.map((step, nth) => {
    time += (gapsMs[nth] ?? 0) + (durationsMs[nth] ?? 0);
    return line(time, step);
  });
  return {
    key: text,
    steps,
    count: 40,
    stuck: 0,
    explainedWaitMs: steps.map(() => 0),
    ...parts,
    gapsMs,
    durationsMs,
    examples: [
      { flowId: `run-${text}`, lines, ...(status === undefined ? {} : { request: { method: 'POST', path: '/checkout', status } }) },
    ],
  };
}
