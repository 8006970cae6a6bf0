import { createHash } from 'node:crypto';
import type { Anomaly, AnomalyDetails, Diagnosis, Edit, Incident, LearnedModel, Patch, Validation } from '@selfheal/contracts';
import { DEPLOYED_AT, PROJECT, type ShippingRig } from './shipping-rig.ts';

export const FINGERPRINT = 'fp-first-item';
export const OPERATION = 'GET /cart';

export interface Facts {
  readonly anomaly: Anomaly;
  readonly incident: Incident;
  readonly diagnosis: Diagnosis;
  readonly patch: Patch;
  readonly validation: Validation;
}

const GUARD: Edit = { file: 'src/cart.js', search: 'cart.items[0]', replace: 'cart.items?.[0]' };
const TEST: Edit = {
  file: 'test/first-guard.test.js',
  search: '',
  replace: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { first } from '../src/cart.js';

test('a cart without items', () => assert.equal(first({}), undefined));
`,
};

export const DETAILS: Readonly<Record<Anomaly['type'], AnomalyDetails>> = {
  error: {
    type: 'error',
    error: {
      fingerprint: FINGERPRINT,
      type: 'TypeError',
      normalisedMessage: "Cannot read properties of undefined (reading '<*>')",
      severity: 'error',
      count: 12,
      operations: { [OPERATION]: 12 },
      firstSeen: DEPLOYED_AT - 50_000,
      lastSeen: DEPLOYED_AT - 5_000,
      frames: [{ file: 'src/cart.js', line: 2, inApp: true, function: 'first' }],
      examples: [],
    },
    ratePerMinute: 12,
    trend: 'new',
    shareOfCalls: 0.25,
  },
  performance: {
    type: 'performance',
    operation: OPERATION,
    expectedMs: 10,
    expectedFrom: 'release',
    seenMs: 50,
    ratio: 5,
    p50: 50,
    p95: 60,
    p99: 70,
    count: 100,
    slowest: [],
    calls: [],
  },
  behavioral: {
    type: 'behavioral',
    flow: 'checkout',
    deviation: 'order',
    expected: ['reserve', 'charge', 'ship'],
    expectedFrom: 'declared',
    seen: {
      key: 'charge > reserve > ship',
      steps: ['charge', 'reserve', 'ship'],
      count: 30,
      stuck: 0,
      gapsMs: [],
      durationsMs: [],
      explainedWaitMs: [],
      examples: [],
    },
    steps: ['reserve', 'charge'],
    share: 1,
  },
  coverage: {
    type: 'coverage',
    operation: 'total',
    uses: 40,
    function: { operation: 'total', functionId: 'src/cart.js#total@5', name: 'total', file: 'src/cart.js', startLine: 5, endLine: 7 },
    uncoveredLines: [6],
    inNewestRelease: true,
    calls: [],
  },
};

/** Consistent facts of one incident on the rig's repository, and stored there. */
export async function storeFacts(
  rig: ShippingRig,
  type: Anomaly['type'] = 'error',
  edits: readonly Edit[] = [GUARD, TEST],
): Promise<Facts> {
  const facts = factsOf(type, await rig.git('rev-parse', 'main'), edits);
  const { records } = rig.ports;
  await records.put('anomaly', facts.anomaly);
  await records.put('incident', facts.incident);
  await records.put('diagnosis', facts.diagnosis);
  await records.put('patch', facts.patch);
  await records.put('validation', facts.validation);
  return facts;
}

export function factsOf(type: Anomaly['type'] = 'error', base = 'c0ffee', edits: readonly Edit[] = [GUARD, TEST]): Facts {
  const anomaly = anomalyOf(DETAILS[type]);
  const hash = createHash('sha256').update(JSON.stringify(edits)).digest('hex');
  const location = { file: 'src/cart.js', line: 2, function: 'first' };
  const rootCause = { category: 'null-access', explanation: 'cart.items is undefined for a new cart', location, confidence: 0.9 };
  return {
    anomaly,
    incident: incidentOf(anomaly),
    diagnosis: {
      id: 'diagnosis-1',
      projectId: PROJECT,
      incidentId: 'incident-1',
      anomalyId: anomaly.id,
      type,
      commit: base,
      analysis: {
        anomalyId: anomaly.id,
        type,
        rootCause,
        alternatives: [],
        facts: [
          {
            statement: 'the error was thrown here <script>alert(1)</script>',
            kind: 'log',
            lines: [{ eventId: 'e1', source: 'app.log', line: 7, time: 1, text: 'Cannot read `properties` of undefined [x](http://evil)' }],
            at: location,
          },
        ],
        guesses: ['new carts have no items'],
        frames: [],
        failingCalls: [],
        passingCalls: [],
        suspectCommit: base,
        data: {},
      },
      impact: { severity: 'high', affected: { functions: [], callers: [], routes: [], sequences: [] }, affectedCalls: 12 },
      recommendations: [],
      confidence: 0.9,
      createdAt: 1,
    },
    patch: patchOf(type, base, edits, hash),
    validation: validationOf(type, base, hash),
  };
}

export function anomalyOf(details: AnomalyDetails, parts: Partial<Anomaly> = {}): Anomaly {
  return {
    id: 'anomaly-1',
    projectId: PROJECT,
    type: details.type === 'signal' ? 'performance' : details.type,
    detector: 'errors-by-cause',
    fingerprint: `incident-${details.type}`,
    title: "TypeError: Cannot read properties of undefined (reading '0') in first",
    description: 'seen often',
    severity: 'high',
    confidence: 0.9,
    place: details.type === 'behavioral' ? { sequence: 'checkout' } : { operation: OPERATION },
    metrics: {},
    evidence: [],
    details,
    finding: false,
    detectedAt: DEPLOYED_AT - 4_000,
    window: { from: DEPLOYED_AT - 60_000, to: DEPLOYED_AT - 5_000 },
    ...parts,
  };
}

function incidentOf({ id, type, fingerprint, title }: Anomaly): Incident {
  return {
    id: 'incident-1',
    projectId: PROJECT,
    type,
    fingerprint,
    title,
    status: 'deploying',
    severity: 'high',
    generation: 0,
    occurrences: 1,
    firstSeen: 1,
    lastSeen: 2,
    anomalyId: id,
    workflowId: 'w',
    createdAt: 1,
    updatedAt: 1,
  };
}

function patchOf(type: Anomaly['type'], base: string, edits: readonly Edit[], hash: string): Patch {
  const location = { file: 'src/cart.js', line: 2, function: 'first' };
  return {
    id: 'patch-1',
    hash,
    projectId: PROJECT,
    incidentId: 'incident-1',
    diagnosisId: 'diagnosis-1',
    type,
    base,
    ...(type === 'coverage'
      ? {}
      : {
          candidate: {
            id: hash,
            template: 'guard-null',
            title: 'Guard cart.items against undefined in first',
            rationale: 'first() returns undefined for an empty cart, so it does for one without items',
            edits: [...edits],
            location,
            prior: 0.6,
            score: 0.5,
            proposer: 'templates',
          },
        }),
    test: {
      id: 'test-1',
      proof: type === 'coverage' ? 'coverage' : 'reproduction',
      runner: 'node:test',
      file: TEST.file,
      titles: ['a cart without items'],
      edits: [TEST],
      target: location,
      source: { events: ['e1'], description: 'the logged call' },
      expectation: 'first returns undefined.',
    },
    documentation: { edits: [], note: '', touched: [] },
    edits: [...edits],
    diff: '--- a/src/cart.js\n+++ b/src/cart.js\n@@ -1,3 +1,3 @@\n-  return cart.items[0];\n+  return cart.items?.[0];\n',
    files: [...new Set(edits.map(({ file }) => file))],
    testFiles: [TEST.file],
    syntax: { valid: true, errors: [] },
    trials: [],
    remaining: 0,
    createdAt: 1,
  };
}

function validationOf(type: Anomaly['type'], base: string, patchHash: string): Validation {
  return {
    id: 'validation-1',
    projectId: PROJECT,
    incidentId: 'incident-1',
    patchId: 'patch-1',
    patchHash,
    base,
    passed: true,
    checks: [
      { name: 'proof', passed: true, required: true, detail: 'fails before, passes after' },
      { name: 'performance', passed: false, required: false, detail: 'noisy | machine' },
    ],
    proof: {
      class: type,
      holds: true,
      baseFails: true,
      headPasses: true,
      plantedFailureSeen: true,
      detail: 'the new test fails on the base and passes with the fix',
    },
    tests: { passed: 2, failed: 0, skipped: 0, changed: [], newTests: [], flaky: [], durationMs: 10 },
    documentation: { valid: true, errors: [], checked: 0 },
    integrity: { valid: true, violations: [] },
    confidence: 0.85,
    createdAt: 1,
  };
}

export function calibrationOf(type: Anomaly['type'], value: LearnedModel['value']): LearnedModel {
  return { id: `${PROJECT}|calibration|${type}`, projectId: PROJECT, kind: 'calibration', key: type, value, updatedAt: 1 };
}
