import type { TelemetrySnapshot } from '@selfheal/contracts';
import { describe, expect, test } from 'vitest';
import { declaredFlow, flowOf, type VariantParts } from '../testing/flows.ts';
import { START, snapshotOf } from '../testing/snapshot.ts';
import { detectFlowDeviations } from './detect-flow-deviations.ts';

const GOOD = 'validate price authorize reserve charge create confirm';
const SWAPPED = 'validate price authorize charge reserve create confirm';
const DECLINED: VariantParts = { steps: 'validate price authorize', count: 3, failed: 3, status: 402 };
const HOUR = 3_600_000;
const RELEASES = [
  { name: 'a', firstSeen: START, lastSeen: START + HOUR, events: 1000 },
  { name: 'b', firstSeen: START + HOUR, lastSeen: START + 2 * HOUR, events: 1000 },
];

function snapshot(flows: TelemetrySnapshot['flows'], parts: Partial<TelemetrySnapshot> = {}): TelemetrySnapshot {
  return snapshotOf([], { releases: RELEASES, flows, declaredFlows: [declaredFlow('checkout', GOOD)], ...parts });
}

function detect(now: readonly VariantParts[], before?: readonly VariantParts[], parts: Partial<TelemetrySnapshot> = {}) {
  const flows = [...(before === undefined ? [] : [flowOf('checkout', 'a', before)]), flowOf('checkout', 'b', now)];
  return detectFlowDeviations.detect(snapshot(flows, parts));
}

describe('order', () => {
  test('a swapped pair is one anomaly that names both', () => {
    const [anomaly, ...others] = detect([{ steps: SWAPPED, count: 48, status: 201 }, DECLINED], [{ steps: GOOD, count: 45 }, DECLINED]);
    expect(others).toEqual([]);
    expect(anomaly).toMatchObject({
      type: 'behavioral',
      severity: 'high',
      release: 'b',
      title: 'checkout runs charge before reserve',
      place: { sequence: 'checkout', step: 'reserve', handler: 'reserve' },
      details: { deviation: 'order', steps: ['reserve', 'charge'], expectedFrom: 'declared', declaredIn: 'sequences/checkout.json' },
    });
    expect(anomaly?.metrics.share).toBeCloseTo(48 / 51);
    expect(anomaly?.confidence).toBeGreaterThan(0.9);
    expect(anomaly?.evidence.map(({ text }) => text).join(' ')).toBe(SWAPPED);
  });

  test('is seen without an earlier release, where steps are logged by event name', () => {
    const steps = SWAPPED.split(' ')
      .map((step) => `checkout.${step}`)
      .join(' ');
    expect(detect([{ steps }])).toMatchObject([{ details: { steps: ['checkout.reserve', 'checkout.charge'] } }]);
  });

  test('a step that passed several others is one cause', () => {
    const anomalies = detect([{ steps: 'validate price charge authorize reserve create confirm' }]);
    expect(anomalies).toMatchObject([{ details: { deviation: 'order', steps: ['authorize', 'reserve', 'charge'] } }]);
  });

  test('steps that a healthy release ran in either order are free', () => {
    expect(
      detect(
        [{ steps: SWAPPED }],
        [
          { steps: GOOD, count: 30 },
          { steps: SWAPPED, count: 10 },
        ],
      ),
    ).toEqual([]);
  });

  test('what always ran against the declaration still does', () => {
    expect(detect([{ steps: SWAPPED }], [{ steps: SWAPPED }])).toMatchObject([{ metrics: { shareBefore: 1 } }]);
  });

  test('stamps of one instant swap steps now and then', () => {
    const sub = { gapsMs: [null, 0, 0, 0, 0, 0, 0], durationsMs: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1] };
    expect(
      detect([
        { steps: GOOD, count: 30, ...sub },
        { steps: SWAPPED, count: 10, ...sub },
      ]),
    ).toEqual([]);
    expect(detect([{ steps: SWAPPED, count: 40, ...sub }])).toHaveLength(1);
  });

  test('is learned from the release before where nothing is declared', () => {
    const anomalies = detect(
      [
        { steps: SWAPPED, count: 30 },
        { steps: GOOD, count: 30 },
      ],
      [{ steps: GOOD, count: 60 }],
      { declaredFlows: [] },
    );
    expect(anomalies).toMatchObject([{ details: { deviation: 'order', expectedFrom: 'learned' }, metrics: { share: 0.5 } }]);
  });

  test('is learned from earlier windows where no release is known', () => {
    const learnedFlows = [{ flow: 'checkout', steps: GOOD.split(' '), runs: 90, release: '' }];
    const releases = [{ name: '', firstSeen: START, lastSeen: START + HOUR, events: 1000 }];
    const flows = [flowOf('checkout', '', [{ steps: SWAPPED, count: 30 }])];
    const anomalies = detectFlowDeviations.detect(snapshot(flows, { declaredFlows: [], learnedFlows, releases }));
    expect(anomalies).toMatchObject([{ details: { deviation: 'order', expectedFrom: 'learned' } }]);
    expect(anomalies[0]?.release).toBeUndefined();
  });
});

describe('missing steps', () => {
  test('are named together where the same runs lack them', () => {
    const anomalies = detect(
      [
        { steps: GOOD, count: 30 },
        { steps: 'validate price authorize reserve create', count: 10, status: 201 },
      ],
      [{ steps: GOOD }],
    );
    expect(anomalies).toMatchObject([
      { title: 'checkout ends without charge, confirm', details: { deviation: 'missing' }, metrics: { share: 0.25 } },
    ]);
  });

  test('are none where a refusal ended the run', () => {
    expect(detect([{ steps: GOOD }, DECLINED, { steps: 'validate', count: 5, status: 422 }], [{ steps: GOOD }])).toEqual([]);
  });

  test('are none where a healthy release leaves them out too', () => {
    const optional = { steps: 'validate price authorize reserve charge create', count: 10, status: 201 };
    expect(
      detect(
        [
          { steps: GOOD, count: 10 },
          { ...optional, count: 30 },
        ],
        [{ steps: GOOD, count: 30 }, optional],
      ),
    ).toEqual([]);
  });

  test('are none where a log lost lines at random', () => {
    const holes = GOOD.split(' ').map((step) => ({ steps: GOOD.replace(`${step} `, '').replace(` ${step}`, ''), count: 4, status: 201 }));
    expect(detect([{ steps: GOOD, count: 100 }, ...holes], [{ steps: GOOD }])).toEqual([]);
  });

  test('are none where the log begins in the middle of a run', () => {
    expect(
      detect(
        [
          { steps: GOOD, count: 50 },
          { steps: 'charge create confirm', count: 2 },
        ],
        [{ steps: GOOD }],
      ),
    ).toEqual([]);
  });

  test('are doubted where no run ever shows them', () => {
    const [anomaly] = detect([{ steps: 'validate price authorize reserve charge create', status: 201 }]);
    expect(anomaly).toMatchObject({ details: { deviation: 'missing', steps: ['confirm'] } });
    expect(anomaly?.confidence).toBeLessThan(0.8);
    expect(anomaly?.description).toContain('may not be logged');
  });
});

describe('extra steps', () => {
  test('are those that neither the document nor the release before knows', () => {
    const audited = 'validate price audit authorize reserve charge create confirm';
    expect(detect([{ steps: audited }], [{ steps: GOOD }])).toMatchObject([{ title: 'checkout runs audit, which is not expected' }]);
    expect(detect([{ steps: audited }], [{ steps: audited }])).toEqual([]);
  });

  test('are steps that run twice without need', () => {
    const twice = 'validate price authorize reserve charge create charge confirm';
    expect(detect([{ steps: twice }], [{ steps: GOOD }])).toMatchObject([{ details: { deviation: 'extra', steps: ['charge'] } }]);
  });

  test('are none where a step or the whole flow is tried again now and then', () => {
    const retried = { steps: 'validate price authorize authorize reserve charge create confirm', count: 4 };
    const restarted = { steps: `validate price authorize ${GOOD}`, count: 4 };
    expect(detect([{ steps: GOOD, count: 60 }, retried, restarted], [{ steps: GOOD }])).toEqual([]);
  });

  test('that come with a new release were meant, where no document forbids them', () => {
    const survey = [
      { steps: GOOD, count: 30 },
      { steps: `${GOOD} survey`, count: 30 },
    ];
    expect(detect(survey, [{ steps: GOOD }], { declaredFlows: [] })).toEqual([]);
    expect(detect(survey, [{ steps: GOOD }])).toMatchObject([{ details: { deviation: 'extra', steps: ['survey'] } }]);
  });

  test('that appear within one release are told, where no document forbids them', () => {
    const learnedFlows = [{ flow: 'checkout', steps: GOOD.split(' '), runs: 90, release: 'b' }];
    const some = [
      { steps: GOOD, count: 30 },
      { steps: `${GOOD} survey`, count: 30 },
    ];
    expect(detect(some, undefined, { declaredFlows: [], learnedFlows })).toMatchObject([
      { details: { deviation: 'extra', steps: ['survey'] } },
    ]);
    expect(detect([{ steps: `${GOOD} survey` }], undefined, { declaredFlows: [], learnedFlows })).toEqual([]);
  });
});

describe('stuck steps', () => {
  test('are those that start and never end', () => {
    const anomalies = detect(
      [
        { steps: GOOD, count: 40 },
        { steps: 'validate price authorize reserve', count: 10, stuck: 10 },
      ],
      [{ steps: GOOD }],
    );
    expect(anomalies).toMatchObject([{ title: 'checkout hangs at reserve', severity: 'high', metrics: { share: 0.2, shareBefore: 0 } }]);
  });

  test('are those that are due and never come, where only ends are logged', () => {
    const anomalies = detect(
      [
        { steps: GOOD, count: 40 },
        { steps: 'validate price authorize', count: 10 },
      ],
      [{ steps: GOOD }],
    );
    expect(anomalies).toMatchObject([{ details: { deviation: 'stuck', steps: ['reserve'] } }]);
  });

  test('that the release before had as often are no news', () => {
    const some = [
      { steps: GOOD, count: 95 },
      { steps: 'validate price authorize reserve', count: 5, stuck: 5 },
    ];
    expect(detect(some, some)).toEqual([]);
  });
});

describe('waiting', () => {
  const waits = (ms: number) => ({ gapsMs: [null, 0.2, 0.2, ms, 0.2, 0.2, 0.2] });

  test('that nothing explains is measured against the release before', () => {
    const [anomaly] = detect([{ steps: GOOD, ...waits(400) }], [{ steps: GOOD, ...waits(10) }]);
    expect(anomaly).toMatchObject({ title: 'checkout waits 400 ms before reserve', details: { deviation: 'waiting', steps: ['reserve'] } });
    expect(anomaly?.metrics.expectedWaitMs).toBeCloseTo(10);
  });

  test('is none where the log explains it', () => {
    expect(detect([{ steps: GOOD, ...waits(400), explainedWaitMs: [0, 0, 0, 395, 0, 0, 0] }], [{ steps: GOOD, ...waits(10) }])).toEqual([]);
  });

  test('is none where it was so before, or where the document asks for it', () => {
    expect(detect([{ steps: GOOD, ...waits(400) }], [{ steps: GOOD, ...waits(380) }])).toEqual([]);
    const declared = declaredFlow('checkout', GOOD);
    const steps = declared.steps.map((step) => (step.handler === 'reserve' ? { ...step, waitMs: 5000 } : step));
    expect(detect([{ steps: GOOD, ...waits(5100) }], undefined, { declaredFlows: [{ ...declared, steps }] })).toEqual([]);
  });

  test('of one run that slept is not that of all', () => {
    const flow = flowOf('checkout', 'b', [{ steps: GOOD, ...waits(0.2) }]);
    const variants = flow.variants.map((variant) => ({ ...variant, gapsMs: [null, 0.2, 0.2, 90_000, 0.2, 0.2, 0.2] }));
    const snap = snapshot([flowOf('checkout', 'a', [{ steps: GOOD }]), { ...flow, variants }]);
    expect(detectFlowDeviations.detect(snap)).toEqual([]);
  });

  test('with nothing to compare with must dwarf the work', () => {
    expect(detect([{ steps: GOOD, ...waits(400) }])).toEqual([]);
    expect(detect([{ steps: GOOD, ...waits(4000) }])).toMatchObject([{ details: { deviation: 'waiting' } }]);
  });
});

describe('nothing to say', () => {
  test('of a flow that is neither declared nor known', () => {
    expect(detect([{ steps: 'x y z' }], undefined, { declaredFlows: [] })).toEqual([]);
  });

  test('of a place where a dismissal raised the threshold', () => {
    const some = [
      { steps: GOOD, count: 94 },
      { steps: SWAPPED, count: 6 },
    ];
    expect(detect(some, [{ steps: GOOD, count: 400 }])).toHaveLength(1);
    expect(detect(some, [{ steps: GOOD, count: 400 }], { thresholds: { 'flow-deviations|reserve': 3.375 } })).toEqual([]);
  });

  test('of the release that was mended', () => {
    const releases = [...RELEASES, { name: 'c', firstSeen: START + 2 * HOUR, lastSeen: START + 3 * HOUR, events: 500 }];
    const flows = [
      flowOf('checkout', 'a', [{ steps: GOOD }]),
      flowOf('checkout', 'b', [{ steps: SWAPPED }]),
      flowOf('checkout', 'c', [{ steps: GOOD }]),
    ];
    expect(detectFlowDeviations.detect(snapshot(flows, { releases }))).toEqual([]);
  });
});
