import { readFileSync } from 'node:fs';
import { type TelemetrySnapshot, telemetrySnapshot } from '@selfheal/contracts';

/** The shop's healthy release alone, and the same with the faulty one after it; recorded by anomaly-detect.test.ts. */
export const healthySnapshot = read('snapshot.shop-v1.4.0.json');
export const faultySnapshot = read('snapshot.shop-v1.4.0-v1.5.0.json');

function read(name: string): TelemetrySnapshot {
  const file = new URL(`../../../fixtures/anomaly.detect/${name}`, import.meta.url);
  return telemetrySnapshot.parse(JSON.parse(readFileSync(file, 'utf8')));
}
