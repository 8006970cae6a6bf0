import type { BeatPlan } from '../interpreter/plan.ts';

/** How a list of beats may be left other than at its end. */
export interface Exits {
  /** The sequence ends there. */
  readonly ends: boolean;
  /** Beats that are jumped to. */
  readonly targets: readonly string[];
}

export function exitsOf(beats: readonly BeatPlan[]): Exits {
  const all = beats.map(exitsOfBeat);
  return { ends: all.some(({ ends }) => ends), targets: [...new Set(all.flatMap(({ targets }) => targets))] };
}

export function exitsOfBeat(beat: BeatPlan): Exits {
  switch (beat.form) {
    case 'stop':
      return { ends: beat.final, targets: [] };
    case 'goto':
      return { ends: false, targets: [beat.target] };
    case 'wait':
      return {
        ends: beat.onTimeout === 'stop' || beat.onTimeout === 'reject',
        targets: typeof beat.onTimeout === 'object' ? [beat.onTimeout.goto] : [],
      };
    case 'approval':
      return { ends: beat.onReject !== 'continue', targets: [] };
    case 'if':
      return exitsOf([...beat.onTrue, ...beat.onFalse]);
    case 'graph':
      return exitsOf(beat.nodes.map((node) => node.beat));
    // No branch can be left by a jump.
    case 'parallel':
      return { ends: exitsOf(beat.branches.flat()).ends, targets: [] };
    case 'forEach':
      return { ends: exitsOf(beat.beats).ends, targets: [] };
    case 'handler':
    case 'sequence':
      return { ends: false, targets: [] };
  }
}
