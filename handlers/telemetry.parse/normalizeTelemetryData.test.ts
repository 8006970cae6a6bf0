import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalizeTelemetryData } from './normalizeTelemetryData.ts';
import { ParseRig } from './testing/parse-rig.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/telemetry.parse/${name}`, import.meta.url), 'utf8');

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('normalizeTelemetryData', () => {
  it('gives all formats one vocabulary', async () => {
    rig.write('app.log', fixture('mixed.ndjson'));
    const { events } = (await rig.parse(['app.log'])).normalised;
    const calls = events
      .filter((event) => event.durationMs !== undefined)
      .map((event) => [event.kind, event.operation, event.durationMs, event.outcome]);
    expect(calls).toEqual([
      ['beat', 'card.checked', 4, 'ok'],
      ['beat', 'card.charged', 13, 'ok'],
      ['sequence', 'Payment', 20, 'ok'],
      ['log', 'warmCache', 35, 'ok'],
      ['log', 'sendReceipt', 12, 'ok'],
      ['request', 'POST /orders/:id/pay', 310, 'error'],
      ['request', 'GET /products/:id', 21, 'ok'],
      ['log', 'packOrder', 8, 'ok'],
      ['span', 'checkout', 50, 'ok'],
      ['span', 'holdStock', 10, 'ok'],
      ['span', 'charge', 25, 'ok'],
    ]);
    expect(events.filter((event) => event.timeFrom !== 'own').map((event) => event.text)).toEqual([
      'handler: sendReceipt duration: 12ms',
      '{"level":30,"time":17145576003',
      'something without any form',
    ]);
  });

  it('is pure: equal input gives equal output, and the input stays as it was', async () => {
    rig.write('app.log', fixture('mixed.ndjson'));
    const { extracted } = await rig.parse(['app.log']);
    const before = structuredClone(extracted);
    expect(normalizeTelemetryData(extracted)).toEqual(normalizeTelemetryData(extracted));
    expect(extracted).toEqual(before);
  });

  it('takes an empty batch', () => {
    expect(normalizeTelemetryData({ events: [], miner: { version: 0, templates: [] } })).toMatchObject({
      events: [],
      newTemplates: 0,
      clockBackwards: 0,
    });
  });
});
