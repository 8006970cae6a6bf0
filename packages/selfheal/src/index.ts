export { definePlugin, type Plugin, SelfhealError } from '@selfheal/contracts';
export { loadSelfhealConfig } from './config/load-config.ts';
export { healExitCode } from './heal/exit-code.ts';
export { openProject } from './project/open-project.ts';
export { type HealReport, healReport, type IncidentReport, incidentReport } from './report/heal-report.ts';
export { createSelfHealing, type HealOutcome, type SelfHealing, type SelfHealingEvents, type SelfHealingOptions } from './self-healing.ts';
export { handlerNames, loadPlans, readPlan } from './sequences/load-plans.ts';
export { VERSION } from './version.ts';
