import type { Detector, FixTemplate, HandlerMap, SequenceId, sequences } from '@selfheal/contracts';

/** What plugins add to the handlers; the built-in parts are always there. */
export interface HandlerParts {
  readonly detectors: readonly Detector[];
  readonly fixTemplates: readonly FixTemplate[];
}

export type HandlersOf<S extends SequenceId> = Pick<HandlerMap, keyof (typeof sequences)[S] & keyof HandlerMap>;

const BUILT_IN: HandlerParts = { detectors: [], fixTemplates: [] };

/**
 * Loads the handlers of one sequence. Each is loaded when its first beat runs: the compiler behind diagnosis and fixes is most of the
 * memory of an engine, and one that only watches never needs it.
 */
export const loadHandlers: { readonly [S in SequenceId]: (parts?: HandlerParts) => Promise<HandlersOf<S>> } = {
  'telemetry.parse': async () => (await import('./telemetry.parse/index.ts')).telemetryParseHandlers,
  'anomaly.detect': async (parts = BUILT_IN) => (await import('./anomaly.detect/index.ts')).createAnomalyDetectHandlers(parts.detectors),
  'diagnosis.analyze': async (parts = BUILT_IN) =>
    (await import('./diagnosis.analyze/index.ts')).createDiagnosisAnalyzeHandlers(parts.fixTemplates),
  'fix.generate': async (parts = BUILT_IN) => (await import('./fix.generate/index.ts')).createFixGenerateHandlers(parts.fixTemplates),
  'validation.run': async () => (await import('./validation.run/index.ts')).validationRunHandlers,
  'deployment.deploy': async () => (await import('./deployment.deploy/index.ts')).deploymentDeployHandlers,
  'learning.track': async () => (await import('./learning.track/index.ts')).learningTrackHandlers,
};
