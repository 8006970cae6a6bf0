import type { RepairPatch, RepairReport } from './repair-report.ts';

/** What a run found until it ended; the later parts are absent where it ended before them. */
export interface Told {
  readonly failing: readonly string[];
  readonly compileErrors: number;
  readonly startMs: number;
  readonly baseRunMs: number;
  readonly patches?: readonly RepairPatch[];
  readonly locations?: RepairReport['locations'];
  readonly candidates?: RepairReport['candidates'];
  readonly firstPlausible?: number | undefined;
  readonly searchMs?: number;
  readonly judgeMs?: number;
}

interface Ended extends Told {
  readonly status: RepairReport['status'];
  readonly reason: string;
  readonly stopped: boolean;
  readonly totalMs: number;
  readonly seed: number;
}

export function makeReport(told: Ended): RepairReport {
  return {
    status: told.status,
    reason: told.reason,
    stopped: told.stopped,
    failing: told.failing,
    compileErrors: told.compileErrors,
    patches: told.patches ?? [],
    locations: told.locations ?? { before: [], after: [] },
    candidates: told.candidates ?? { made: 0, tried: 0, recalled: 0, perSecond: 0, plausible: 0, mode: 'warm' },
    durationsMs: {
      start: told.startMs,
      baseRun: told.baseRunMs,
      ...(told.firstPlausible === undefined ? {} : { firstPlausible: told.firstPlausible }),
      search: told.searchMs ?? 0,
      judge: told.judgeMs ?? 0,
      total: told.totalMs,
    },
    seed: told.seed,
  };
}
