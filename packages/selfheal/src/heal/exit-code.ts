import type { SelfhealConfig } from '@selfheal/contracts';

/** Statuses that mean: the fix is merged on the default branch, and deployed where a deploy command is set. */
const SHIPPED = new Set(['healed', 'merged', 'inconclusive']);
const WAITING = new Set(['waiting_review']);

/**
 * Exit code of `heal` (design, "The command"): 0 at least one incident healed; 2 healthy; 3 a validated fix waits for review; 4 an
 * incident but no validated fix; precedence 0 > 3 > 4 > 2 (1, the failed run, is decided by who calls). With `stopAfter`, 0 means that the
 * stage was reached.
 */
export function healExitCode(
  incidents: readonly { status: string; reason?: string | undefined; diagnosis?: unknown; patch?: unknown; validation?: unknown }[],
  stopAfter: SelfhealConfig['policy']['stopAfter'],
): 0 | 2 | 3 | 4 {
  if (incidents.length === 0) return 2;
  if (incidents.some((incident) => reached(incident, stopAfter))) return 0;
  if (incidents.some((incident) => WAITING.has(incident.status))) return 3;
  return 4;
}

function reached(
  incident: { status: string; diagnosis?: unknown; patch?: unknown; validation?: unknown },
  stopAfter: SelfhealConfig['policy']['stopAfter'],
): boolean {
  if (SHIPPED.has(incident.status)) return true;
  if (stopAfter === 'diagnose') return incident.diagnosis !== undefined && incident.status !== 'abstained';
  if (stopAfter === 'fix') return incident.patch !== undefined;
  if (stopAfter === 'validate') return incident.validation !== undefined && incident.status === 'waiting_review';
  return false;
}
