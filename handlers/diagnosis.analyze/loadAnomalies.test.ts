import type { TelemetryEvent } from '@selfheal/contracts';
import { expect, test } from 'vitest';
import { diagnosisRig, NOW, sampleIncident, shopAnomalies } from './diagnosis-rig.ts';
import { loadAnomalies } from './loadAnomalies.ts';

function event(id: string, time: number, parts: Partial<TelemetryEvent>): TelemetryEvent {
  return {
    id,
    time,
    timeFrom: 'own',
    severity: 'info',
    kind: 'request',
    format: 'pino',
    source: 'shop.ndjson',
    line: 1,
    text: id,
    ...parts,
  };
}

async function errorWithoutRequest() {
  const { error } = await shopAnomalies();
  if (error.details.type !== 'error') throw new Error('the fixture is no error');
  const examples = error.details.error.examples.map(({ request: _logged, ...example }) => example);
  return { ...error, details: { ...error.details, error: { ...error.details.error, examples } } };
}

test('an open incident is taken in hand, with its anomalies and what was learned', async () => {
  await using rig = await diagnosisRig();
  const { records } = rig.ports;
  const { error } = await shopAnomalies();
  const newer = { ...error, id: 'newer', detectedAt: error.detectedAt + 5 };
  await records.putAll('anomaly', [error, newer, { ...error, id: 'other', fingerprint: 'another' }]);
  await records.put('incident', sampleIncident(error));
  await records.put('model', {
    id: 'm',
    projectId: 'shop',
    kind: 'prior',
    key: 'error|guard-null',
    value: { alpha: 3, beta: 1 },
    updatedAt: 0,
  });
  await records.put('model', { id: 't', projectId: 'shop', kind: 'threshold', key: 'x|y', value: { factor: 2 }, updatedAt: 0 });
  const loaded = await loadAnomalies({ projectId: 'shop', incidentId: 'incident-error' }, rig.ports);
  expect(loaded.anomalies.map((one) => one.id)).toEqual(['shop-error', 'newer']);
  expect(loaded.incident).toMatchObject({ status: 'diagnosing', updatedAt: NOW });
  expect(loaded.priors.map((one) => one.id)).toEqual(['m']);
  expect(loaded.minConfidence).toBe(0.5);
  const again = await loadAnomalies({ projectId: 'shop', incidentId: 'incident-error' }, rig.ports);
  expect(again.incident.status).toBe('diagnosing');
});

test('calls that went well are gathered beside the failing ones, and inputs logged on other lines are joined', async () => {
  await using rig = await diagnosisRig();
  const { records } = rig.ports;
  const anomaly = await errorWithoutRequest();
  await records.put('anomaly', anomaly);
  await records.put('incident', sampleIncident(anomaly));
  const time = anomaly.window.from + 1;
  const request = { method: 'POST', route: '/shipping/labels', path: '/shipping/labels' };
  await rig.addEvents([
    event('in', time, { flowId: 'req-t', request: { ...request, body: { addresses: [] } } }),
    event('good', time + 1, {
      operation: 'POST /shipping/labels',
      outcome: 'ok',
      durationMs: 2,
      request: { ...request, status: 200, body: { addresses: [1] } },
      output: { ok: true },
    }),
    event('bad', time + 2, { operation: 'POST /shipping/labels', outcome: 'error', request: { ...request, status: 500, body: {} } }),
    event('refused', time + 3, { operation: 'POST /shipping/labels', outcome: 'ok', request: { ...request, status: 404, body: {} } }),
    event('empty', time + 4, { operation: 'POST /shipping/labels', outcome: 'ok', request }),
    event('elsewhere', time + 5, { operation: 'GET /other', outcome: 'ok', input: { a: 1 } }),
  ]);
  const { anomalies } = await loadAnomalies({ projectId: 'shop', incidentId: 'incident-error' }, rig.ports);
  const details = anomalies[0]?.details;
  if (details?.type !== 'error') throw new Error('no error');
  expect(details.calls).toEqual([
    {
      operation: 'POST /shipping/labels',
      eventId: 'good',
      outcome: 'ok',
      durationMs: 2,
      output: { ok: true },
      request: { ...request, status: 200, body: { addresses: [1] } },
    },
  ]);
  expect(details.error.examples.find((example) => example.flowId === 'req-t')?.request?.body).toEqual({ addresses: [] });
});

test('an incident that does not exist fails with RECORD_MISSING', async () => {
  await using rig = await diagnosisRig();
  await expect(loadAnomalies({ projectId: 'shop', incidentId: 'nothing' }, rig.ports)).rejects.toMatchObject({ code: 'RECORD_MISSING' });
});

test('anomalies of other types are left as they are', async () => {
  await using rig = await diagnosisRig();
  const { performance } = await shopAnomalies();
  await rig.ports.records.put('anomaly', performance);
  await rig.ports.records.put('incident', sampleIncident(performance, { status: 'fixing' }));
  const loaded = await loadAnomalies({ projectId: 'shop', incidentId: 'incident-performance' }, rig.ports);
  expect(loaded.anomalies).toEqual([performance]);
  expect(loaded.incident.status).toBe('fixing');
});
