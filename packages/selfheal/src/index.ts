export {
  type Anomaly,
  type Candidate,
  type Detector,
  definePlugin,
  type Edit,
  type ErrorCode,
  type FixContext,
  type FixTemplate,
  type Incident,
  type IssueAnalysis,
  type Json,
  type LogReader,
  type Notifier,
  type Plugin,
  type PluginHandler,
  type Ports,
  type SelfhealConfig,
  type SelfhealConfigInput,
  SelfhealError,
  type SourceSnapshot,
  type TelemetrySnapshot,
} from '@selfheal/contracts';
export { guessConfig } from './config/guess-config.ts';
export { loadSelfhealConfig } from './config/load-config.ts';
export { healExitCode } from './heal/exit-code.ts';
export { checkSetup, type SetupFinding } from './project/check-setup.ts';
export { openProject } from './project/open-project.ts';
export { type HealReport, healReport, type IncidentReport, incidentReport } from './report/heal-report.ts';
export { learnReport } from './report/learn-report.ts';
export { createSelfHealing, type HealOutcome, type SelfHealing, type SelfHealingEvents, type SelfHealingOptions } from './self-healing.ts';
export { handlerNames, loadPlans, readPlan } from './sequences/load-plans.ts';
export { VERSION } from './version.ts';
