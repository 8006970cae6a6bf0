import { detectFlowDeviations } from '@selfheal/anomaly';
import { randomFrom, snapshotOf } from '@selfheal/anomaly/testing';
import type { TelemetryEvent } from '@selfheal/contracts';
import { foldFlows } from '@selfheal/telemetry';
import { expect, test } from 'vitest';

const START = Date.UTC(2026, 2, 2, 10);
const DECLARED = ['validate', 'price', 'authorize', 'reserve', 'charge', 'create', 'confirm'];
const RUNS = 80;

/**
 * One healthy release or two, of a checkout as it is logged: some cards are declined, `reserve` and `authorize` run side by side,
 * steps are tried again, a coupon step is optional, stamps are whole milliseconds, lines come late, and the log is cut at both ends.
 */
function noisyLog(seed: number): TelemetryEvent[] {
  const random = randomFrom(seed);
  const chance = (share: number): boolean => random() < share;
  const events = ['a', 'b'].flatMap((release, nth) =>
    Array.from({ length: RUNS }, (_, run) => {
      const flowId = `${release}-${run}`;
      let time = START + nth * 120_000 + run * 1000 + random() * 500;
      const declined = chance(0.06);
      const sideBySide = chance(0.3);
      const order = sideBySide ? ['validate', 'price', 'reserve', 'authorize', ...DECLARED.slice(4)] : DECLARED;
      const steps = order.flatMap((step) => {
        const coupon = step === 'price' && run % 3 === 0 ? ['coupon'] : [];
        return chance(0.02) ? [...coupon, step, step] : [...coupon, step];
      });
      const shown = declined ? steps.slice(0, steps.indexOf('authorize') + 1) : steps;
      const lines = shown.map((step) => {
        const durationMs = Math.round((0.05 + random() * 12) * 100) / 100;
        time += durationMs + random();
        return event({ flowId, release, step, durationMs, time: Math.floor(time), kind: 'beat', sequence: 'checkout' });
      });
      const request = { method: 'POST', path: '/checkout', route: '/checkout', status: declined ? 402 : 201 };
      return [
        ...lines,
        event({
          flowId,
          release,
          kind: 'request',
          operation: 'POST /checkout',
          request,
          outcome: 'ok',
          durationMs: 80,
          time: Math.floor(time) + 1,
        }),
      ];
    }).flat(),
  );
  const late = events.map((one, at) => ({ one, at: at + (chance(0.05) ? 2 : 0) })).sort((a, b) => a.at - b.at);
  return late.map(({ one }, line) => ({ ...one, line })).slice(Math.floor(random() * 20), -Math.floor(1 + random() * 20));
}

function event(parts: Partial<TelemetryEvent> & { time: number; flowId: string }): TelemetryEvent {
  const base = {
    timeFrom: 'own',
    severity: 'info',
    kind: 'log',
    format: 'pino',
    source: 'app.log',
    line: 0,
    text: parts.step ?? '',
    outcome: 'ok',
  } as const;
  const id = `${parts.flowId}:${parts.step ?? 'end'}:${parts.time}`;
  return { id, ...base, ...(parts.step === undefined ? {} : { operation: parts.step, operationKind: 'beat' as const }), ...parts };
}

test('healthy flows give nothing, whatever the seed', () => {
  const alarms: string[] = [];
  for (let seed = 1; seed <= 60; seed++) {
    const events = noisyLog(seed);
    const flows = foldFlows(events, { now: START + 3_600_000 });
    const declaredFlows = [
      { id: 'checkout', file: 'sequences/checkout.json', steps: DECLARED.map((handler, at) => ({ handler, line: at })) },
    ];
    const releases = ['a', 'b'].map((name, nth) => ({
      name,
      firstSeen: START + nth * 120_000,
      lastSeen: START + nth * 120_000 + RUNS * 1000,
      events: 700,
    }));
    const found = detectFlowDeviations.detect(snapshotOf([], { releases, flows, declaredFlows }));
    alarms.push(...found.map(({ title, description }) => `${seed}: ${title}: ${description}`));
  }
  expect(alarms).toEqual([]);
});
