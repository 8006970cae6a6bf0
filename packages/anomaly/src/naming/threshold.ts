import { createHash } from 'node:crypto';
import type { LearnedModel, ModelChange, Place, TelemetrySnapshot } from '@selfheal/contracts';
import { placeKey } from './place-key.ts';

const RAISE = 1.5;
const MAX_FACTOR = 100;

/** How much stricter a detector must be at a place, learned from dismissals; 1 where nothing was learned. */
export function thresholdFactor(snapshot: TelemetrySnapshot, detector: string, place: Place): number {
  return snapshot.thresholds[thresholdKey(detector, placeKey(place))] ?? 1;
}

export interface Dismissal {
  readonly projectId: string;
  readonly detector: string;
  /** `placeKey` of the anomaly's place. */
  readonly place: string;
  readonly why: string;
  /** Epoch ms. */
  readonly now: number;
  readonly incidentId?: string;
}

/** A dismissed anomaly raises its detector's threshold for that place by half. The change carries what is needed to undo it. */
export function raiseThreshold(
  model: LearnedModel | undefined,
  { projectId, detector, place, why, now, incidentId }: Dismissal,
): { model: LearnedModel; change: ModelChange } {
  const key = thresholdKey(detector, place);
  const id = model?.id ?? `${projectId}|threshold|${key}`;
  const raised = { ...model?.value, factor: Math.min(MAX_FACTOR, factorOf(model) * RAISE) };
  return {
    model: { id, projectId, kind: 'threshold', key, value: raised, updatedAt: now },
    change: {
      id: `mc-${createHash('sha256')
        .update(JSON.stringify([id, now, why]))
        .digest('hex')
        .slice(0, 16)}`,
      projectId,
      modelId: id,
      kind: 'threshold',
      key,
      ...(model === undefined ? {} : { before: model.value }),
      after: raised,
      why,
      ...(incidentId === undefined ? {} : { incidentId }),
      undone: false,
      createdAt: now,
    },
  };
}

/** The factor that a threshold model holds; 1 where it holds none. */
export function factorOf(model: LearnedModel | undefined): number {
  const factor = model?.value.factor;
  return typeof factor === 'number' && Number.isFinite(factor) && factor > 0 ? factor : 1;
}

function thresholdKey(detector: string, place: string): string {
  return `${detector}|${place}`;
}
