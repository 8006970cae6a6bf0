import type { Anomaly, Verdict } from '@selfheal/contracts';
import type { Observation } from '../observe/observation.ts';

/** What a verdict is made from. */
export interface Evidence {
  readonly anomaly: Anomaly;
  readonly before: Observation;
  /** Only releases that hold the fix. */
  readonly after: Observation;
  readonly minimumTraffic: number;
  /** No more telemetry is awaited. Until then a judge may leave the verdict open. */
  readonly final: boolean;
}

export interface Judgement {
  /** Undefined while more telemetry may decide. */
  readonly verdict: Verdict | undefined;
  readonly traffic: number;
  readonly recurrences: number;
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly pValue?: number;
  readonly detail: string;
}

/** Level of the tests behind a verdict at the end of the window, and behind one before its end (which looks often, so it is stricter). */
export const ALPHA = 0.05;
export const EARLY_ALPHA = 0.01;

/** The chance that a fault which showed in `share` of calls stays unseen over `calls` calls by luck. */
export function chanceOfSilence(share: number, calls: number): number {
  return (1 - Math.min(1, Math.max(0, share))) ** calls;
}

export function inWords(pValue: number): string {
  return pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

export function tooLittle(seen: number, wanted: number, what: string): string {
  return `only ${seen} of ${wanted} ${what} were seen at or after the fix, too few for a verdict`;
}
