import type { z } from 'zod';
import type { Ports } from '../ports.ts';
import { anomalyDetect } from './anomaly-detect.ts';
import type { BeatContract } from './beat.ts';
import { deploymentDeploy } from './deployment-deploy.ts';
import { diagnosisAnalyze } from './diagnosis-analyze.ts';
import { fixGenerate } from './fix-generate.ts';
import { learningTrack } from './learning-track.ts';
import { telemetryParse } from './telemetry-parse.ts';
import { validationRun } from './validation-run.ts';

export { type BeatContract, type BeatKind, withoutFields } from './beat.ts';

/** The seven sequences and the contract of each of their beats. */
export const sequences = {
  'telemetry.parse': telemetryParse,
  'anomaly.detect': anomalyDetect,
  'diagnosis.analyze': diagnosisAnalyze,
  'fix.generate': fixGenerate,
  'validation.run': validationRun,
  'deployment.deploy': deploymentDeploy,
  'learning.track': learningTrack,
} as const;
export type SequenceId = keyof typeof sequences;

/** Beats beyond the 67 names, with the reason why each is needed (see docs/decisions). */
export const EXTRA_BEATS = ['searchCandidates', 'revertDeployment'] as const;

export const beats = {
  ...telemetryParse,
  ...anomalyDetect,
  ...diagnosisAnalyze,
  ...fixGenerate,
  ...validationRun,
  ...deploymentDeploy,
  ...learningTrack,
} as const;
export type BeatName = keyof typeof beats;
export type BeatInput<N extends BeatName> = z.output<(typeof beats)[N]['input']>;
export type BeatOutput<N extends BeatName> = z.input<(typeof beats)[N]['output']>;
type KindOf<N extends BeatName> = (typeof beats)[N]['kind'];

/** A pure handler is a function of one argument; a stage-crew handler gets its I/O as a second one. */
export type Handler<N extends BeatName> =
  KindOf<N> extends 'pure' ? (input: BeatInput<N>) => BeatOutput<N> : (input: BeatInput<N>, ports: Ports) => Promise<BeatOutput<N>>;

export type HandlerMap = { readonly [N in BeatName]: Handler<N> };

/** Handlers of plugins and foreign sequences: no contract of ours, JSON in and out. */
export type PluginHandler = (input: unknown, ports: Ports) => unknown;

export function beatContract(name: string): BeatContract | undefined {
  return Object.hasOwn(beats, name) ? beats[name as BeatName] : undefined;
}
