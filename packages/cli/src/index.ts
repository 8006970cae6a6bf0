export { createHealView, type HealView } from './output/heal-view.ts';
export { printIncident, printSummary } from './output/summary.ts';
export { createProgram } from './program.ts';
export type { Terminal } from './terminal.ts';
