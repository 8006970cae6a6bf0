import type { Anomaly, Deployment } from '@selfheal/contracts';
import { errorOf } from './errors.ts';
import { line, START } from './snapshot.ts';

/** An error anomaly, seen last at START. */
export function anomalyOf(parts: Partial<Anomaly> = {}): Anomaly {
  return {
    id: 'an-1',
    projectId: 'shop',
    type: 'error',
    detector: 'errors-by-cause',
    fingerprint: 'f1',
    title: 'TypeError in label',
    description: 'It failed.',
    severity: 'medium',
    confidence: 0.9,
    place: { file: 'src/label.ts', line: 20, function: 'label' },
    evidence: [line(START, 'TypeError')],
    details: { type: 'error', error: errorOf(), ratePerMinute: 5, trend: 'steady' },
    finding: false,
    detectedAt: START,
    window: { from: START - 1000, to: START + 1000 },
    ...parts,
    metrics: { lastSeen: START, ...parts.metrics },
  };
}

export function deploymentOf(parts: Partial<Deployment> = {}): Deployment {
  return {
    id: 'dep-1',
    projectId: 'shop',
    incidentId: 'inc-1',
    patchId: 'p',
    patchHash: 'h',
    validationId: 'v',
    branch: 'heal/f1',
    baseBranch: 'main',
    approval: { required: false, decision: 'approved', by: 'policy', why: '' },
    status: 'deployed',
    treeUntouched: false,
    createdAt: START,
    updatedAt: START,
    ...parts,
  };
}
