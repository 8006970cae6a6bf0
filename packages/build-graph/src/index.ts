export { bottomLevels, type CriticalPath, criticalPath, type Durations } from './critical-path.ts';
export { type Cycles, type Edge, findCycles } from './cycles.ts';
export { type EstimateInput, estimate } from './estimate.ts';
export {
  type BuildGraph,
  type BuildNode,
  createGraph,
  dependenciesOf,
  dependentsOf,
  type GraphFault,
  reachable,
} from './graph.ts';
export { layers, topologicalOrder } from './layers.ts';
export { type FailurePolicy, type NodeState, type Outcome, Schedule, type ScheduleSettings, type ScheduleSnapshot } from './schedule.ts';
export { type Waiting, whyWaits } from './why-waits.ts';
