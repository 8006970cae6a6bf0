import { json, type LearnedModel, type OperationStats, operationStats, type TelemetrySnapshot } from '@selfheal/contracts';
import { z } from 'zod';
import { factorOf } from '../naming/threshold.ts';

type Baseline = TelemetrySnapshot['baselines'][number];
type LearnedFlow = TelemetrySnapshot['learnedFlows'][number];

const baselineValue = z.object({ release: z.string(), until: z.number(), stats: operationStats });
const flowValue = z.object({ release: z.string(), variants: z.array(z.object({ steps: z.array(z.string()), runs: z.int() })) });
const values = z.record(z.string(), json);

/** What an operation took while it was healthy. `until` is the end of the window it was learned in, epoch ms. */
export function baselineModel(projectId: string, stats: OperationStats, release: string, until: number): LearnedModel {
  return modelOf(projectId, 'baseline', stats.operation, { release, until, stats }, until);
}

/** The ways in which a flow ran while it was healthy. */
export function flowModel(
  projectId: string,
  flow: string,
  release: string,
  variants: readonly Omit<LearnedFlow, 'flow' | 'release'>[],
  until: number,
): LearnedModel {
  return modelOf(projectId, 'flow', flow, { release, variants }, until);
}

/** Baselines of stored models. What an older version wrote in another shape is learned anew. */
export function baselinesOf(models: readonly LearnedModel[]): Baseline[] {
  return models.flatMap((model) => baselineOf(model) ?? []);
}

/** The baseline that a model holds; undefined where it is none. */
export function baselineOf({ kind, key, value }: LearnedModel): Baseline | undefined {
  const parsed = kind === 'baseline' ? baselineValue.safeParse(value) : undefined;
  return parsed?.success === true ? { operation: key, ...parsed.data } : undefined;
}

export function learnedFlowsOf(models: readonly LearnedModel[]): LearnedFlow[] {
  return models.flatMap(({ kind, key, value }) => {
    const parsed = kind === 'flow' ? flowValue.safeParse(value) : undefined;
    return parsed?.success === true ? parsed.data.variants.map((variant) => ({ flow: key, release: parsed.data.release, ...variant })) : [];
  });
}

/** Raised thresholds by `detector|place`. */
export function thresholdsOf(models: readonly LearnedModel[]): Record<string, number> {
  return Object.fromEntries(models.filter(({ kind }) => kind === 'threshold').map((model) => [model.key, factorOf(model)]));
}

function modelOf(projectId: string, kind: 'baseline' | 'flow', key: string, value: unknown, updatedAt: number): LearnedModel {
  return { id: `${projectId}|${kind}|${key}`, projectId, kind, key, value: values.parse(value), updatedAt };
}
