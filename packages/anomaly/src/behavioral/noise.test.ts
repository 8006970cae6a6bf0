import { describe, expect, test } from 'vitest';
import { declaredFlow, flowOf, type VariantParts } from '../testing/flows.ts';
import { randomFrom } from '../testing/random.ts';
import { START, snapshotOf } from '../testing/snapshot.ts';
import { detectFlowDeviations } from './detect-flow-deviations.ts';

const STEPS = 'validate price authorize reserve charge create confirm'.split(' ');
const HOUR = 3_600_000;
const RELEASES = [
  { name: 'a', firstSeen: START, lastSeen: START + HOUR, events: 1_000 },
  { name: 'b', firstSeen: START + HOUR, lastSeen: START + 2 * HOUR, events: 1_000 },
];

/** Runs of one release as logs tell them: lines are lost, steps tried again, requests refused, the log begins in the middle of a run. */
function noisyRuns(random: () => number, runs: number): VariantParts[] {
  const seen = new Map<string, VariantParts & { count: number }>();
  const add = (parts: VariantParts): void => {
    const key = `${parts.steps} ${parts.failed ?? 0}`;
    const known = seen.get(key);
    const count = (known?.count ?? 0) + 1;
    seen.set(key, { ...parts, count, ...(parts.failed === undefined ? {} : { failed: count }) });
  };
  for (let run = 0; run < runs; run++) {
    const kept = STEPS.filter(() => random() > 0.003);
    const chance = random();
    if (chance < 0.05) add({ steps: STEPS.slice(0, 1 + Math.floor(random() * 3)).join(' '), failed: 1, status: 402 });
    else if (chance < 0.08) add({ steps: kept.flatMap((step) => (step === 'charge' ? [step, step] : [step])).join(' ') });
    else if (chance < 0.085) add({ steps: STEPS.slice(2).join(' ') });
    else add({ steps: kept.join(' '), status: 201 });
  }
  return [...seen.values()];
}

describe('its budget: no alarm in 200 runs of noise', () => {
  test.each([
    ['declared', [declaredFlow('checkout', STEPS.join(' '))]],
    ['learned', []],
  ])('where the flow is %s', (_how, declaredFlows) => {
    const alarms = Array.from({ length: 200 }, (_, seed) => {
      const random = randomFrom(seed);
      const flows = [flowOf('checkout', 'a', noisyRuns(random, 300)), flowOf('checkout', 'b', noisyRuns(random, 300))];
      return detectFlowDeviations
        .detect(snapshotOf([], { releases: RELEASES, flows, declaredFlows }))
        .map(({ title }) => `${seed}: ${title}`);
    });
    expect(alarms.flat()).toEqual([]);
  });
});

describe('each kind of deviation explains itself', () => {
  const good = { steps: STEPS.join(' '), count: 60 };
  const waits = { gapsMs: [null, 0.2, 0.2, 900, 0.2, 0.2, 0.2] };
  test.each<[string, VariantParts, RegExp, RegExp]>([
    [
      'order',
      { steps: 'validate price authorize charge reserve create confirm' },
      /charge before reserve/,
      /reserve, charge ran in the wrong order/,
    ],
    [
      'missing',
      { steps: 'validate price authorize reserve create confirm', status: 201 },
      /without charge/,
      /charge did not run, although nothing failed/,
    ],
    [
      'extra',
      { steps: 'validate price audit authorize reserve charge create confirm' },
      /audit, which is not expected/,
      /audit ran without being expected/,
    ],
    [
      'repeated',
      { steps: 'validate price authorize reserve charge create charge confirm' },
      /charge more often than expected/,
      /charge ran more often/,
    ],
    ['stuck', { steps: 'validate price authorize reserve', stuck: 40 }, /hangs at reserve/, /reserve began or was due, and never ended/],
    [
      'waiting',
      { steps: STEPS.join(' '), ...waits },
      /waits 900 ms before reserve/,
      /900 ms passed before reserve, 0\.20 ms of it explained/,
    ],
  ])('%s', (_kind, parts, title, description) => {
    const flows = [flowOf('checkout', 'a', [good]), flowOf('checkout', 'b', [{ ...parts, count: 40 }])];
    const [anomaly, ...others] = detectFlowDeviations.detect(
      snapshotOf([], { releases: RELEASES, flows, declaredFlows: [declaredFlow('checkout', STEPS.join(' '))] }),
    );
    expect(others).toEqual([]);
    expect(anomaly?.title).toMatch(title);
    expect(anomaly?.description).toMatch(description);
    expect(anomaly?.description).toContain(`declared in sequences/checkout.json: ${STEPS.join(' → ')}`);
    expect(anomaly?.evidence.length).toBeGreaterThan(3);
    const [[, before] = [0, 0]] = anomaly?.plot?.before ?? [];
    const [[, after] = [0, 0]] = anomaly?.plot?.after ?? [];
    expect(after).toBeGreaterThan(before);
  });
});
