export { type ConfinementTool, findConfinement } from '../confine/tool.ts';
export { escapeProbes, openProbeCopy, openProbedHost, type Probe, runConfinedProgram, tryEscape, type Verdict } from './probes/index.ts';
