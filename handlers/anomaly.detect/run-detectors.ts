import type { Anomaly, AnomalyType, Detector, TelemetrySnapshot } from '@selfheal/contracts';

export interface Detected {
  anomalies: Anomaly[];
  notes: string[];
}

/** Runs the detectors of one type. One of a plugin that fails is named in the notes and does not silence the others. */
export function runDetectors(detectors: readonly Detector[], type: AnomalyType, snapshot: TelemetrySnapshot): Detected {
  const anomalies: Anomaly[] = [];
  const notes = [...(snapshot.notes ?? [])];
  for (const detector of detectors.filter((one) => one.type === type)) {
    try {
      anomalies.push(...detector.detect(snapshot));
    } catch (error) {
      notes.push(`detector ${detector.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { anomalies, notes };
}
