import { SPANS } from './level-evidence.ts';

/** The alarm that is being answered. JSON-safe. */
export interface AlarmGate {
  row: number;
  alarmRow: number | null;
  strength: number;
}

/**
 * Twice the longest span: until then what caused the alarm is still in the windows that the evidence comes from. The factor was chosen on
 * public series (see the head of series-scorer.ts).
 */
const QUIET_ROWS = 2 * Math.max(...SPANS);
/** Within the quiet time only what is ten times less likely than the alarm before is an alarm of its own. The public series hardly notice it. */
const WORSE_BY = 1;

export function newAlarmGate(): AlarmGate {
  return { row: 0, alarmRow: null, strength: 0 };
}

/**
 * One alarm per burst: true where a row belongs to what was already reported. `surprise` in -log10 of a probability, an alarm from
 * `threshold` on. The idea: refractory times, as in alarm flood suppression (ANSI/ISA-18.2).
 */
export function isReported(gate: AlarmGate, surprise: number, threshold: number): boolean {
  const row = gate.row++;
  const quiet = gate.alarmRow !== null && row - gate.alarmRow < QUIET_ROWS;
  if (quiet && surprise <= gate.strength + WORSE_BY) return true;
  if (surprise >= threshold) {
    gate.alarmRow = row;
    gate.strength = surprise;
  }
  return false;
}
