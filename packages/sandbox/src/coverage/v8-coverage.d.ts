/** The package ships without types. */
declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector';

  /** Adds the counts of one script in several processes; undefined for an empty list. */
  export function mergeScriptCovs(scripts: readonly Profiler.ScriptCoverage[]): Profiler.ScriptCoverage | undefined;
}
