/** How anomaly.detect reads what telemetry.parse stored: for reports, which must count as the detectors do. */
export { readObjectives } from './anomaly.detect/read-objectives.ts';
export { readSlices } from './anomaly.detect/read-slices.ts';
export { releasesOf } from './anomaly.detect/releases-of.ts';
