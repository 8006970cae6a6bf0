import { assessSuccess } from './assessSuccess.ts';
import { calculateImprovement } from './calculateImprovement.ts';
import { collectPostDeploymentMetrics } from './collectPostDeploymentMetrics.ts';
import { compareMetrics } from './compareMetrics.ts';
import { generateInsights } from './generateInsights.ts';
import { loadDeploymentInfo } from './loadDeploymentInfo.ts';
import { storeEffectiveness } from './storeEffectiveness.ts';
import { trackCompleted } from './trackCompleted.ts';
import { trackRequested } from './trackRequested.ts';
import { updateLearningModels } from './updateLearningModels.ts';

/** The handlers of learning.track by beat name. */
export const learningTrackHandlers = {
  trackRequested,
  loadDeploymentInfo,
  collectPostDeploymentMetrics,
  compareMetrics,
  calculateImprovement,
  assessSuccess,
  updateLearningModels,
  generateInsights,
  storeEffectiveness,
  trackCompleted,
};
