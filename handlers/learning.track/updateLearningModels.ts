import type { Handler, LearnedModel, ModelChange } from '@selfheal/contracts';
import { learnCalibration } from './models/calibration.ts';
import type { Lesson, Outcome } from './models/lesson.ts';
import { changeOf } from './models/lesson.ts';
import { learnPrior } from './models/prior.ts';
import { learnThreshold } from './models/threshold.ts';

/**
 * Sequence learning.track, movement Learn. What one outcome teaches: the Beta prior of its class and template, the calibration of its class,
 * and, where a fix proved an anomaly true, the threshold that dismissals had raised. An inconclusive outcome teaches nothing: no data is
 * neither pass nor fail. Reads its input alone; writes nothing (storeEffectiveness does); cannot fail.
 */
export const updateLearningModels: Handler<'updateLearningModels'> = (input) => {
  const { projectId, now, incident, anomaly, patch, validation, models, successful, verdict } = input;
  if (verdict === 'inconclusive') return { models: [], changes: [] };
  const outcome: Outcome = { projectId, now, incident, anomaly, patch, validation, successful };
  const lessons = [learnPrior, learnCalibration, learnThreshold].flatMap((learn): Lesson[] => learn(outcome, models) ?? []);
  return {
    models: lessons.map(({ model }): LearnedModel => model),
    changes: lessons.map((lesson): ModelChange => changeOf(outcome, lesson)),
  };
};
