import type { Detector, FixTemplate, HandlerMap, LogReader } from '@selfheal/contracts';
import { createAnomalyDetectHandlers } from './anomaly.detect/index.ts';
import { deploymentDeployHandlers } from './deployment.deploy/index.ts';
import { createDiagnosisAnalyzeHandlers } from './diagnosis.analyze/index.ts';
import { createFixGenerateHandlers } from './fix.generate/index.ts';
import { learningTrackHandlers } from './learning.track/index.ts';
import { telemetryParseHandlers } from './telemetry.parse/index.ts';
import { validationRunHandlers } from './validation.run/index.ts';

/** What plugins add to the handlers; the built-in parts are always there. */
export interface HandlerParts {
  readonly readers: readonly LogReader[];
  readonly detectors: readonly Detector[];
  readonly fixTemplates: readonly FixTemplate[];
}

/** The handlers of the seven sequences, by beat name. */
export function createHandlers(parts: HandlerParts = { readers: [], detectors: [], fixTemplates: [] }): HandlerMap {
  return {
    ...telemetryParseHandlers,
    ...createAnomalyDetectHandlers(parts.detectors),
    ...createDiagnosisAnalyzeHandlers(parts.fixTemplates),
    ...createFixGenerateHandlers(parts.fixTemplates),
    ...validationRunHandlers,
    ...deploymentDeployHandlers,
    ...learningTrackHandlers,
  };
}
