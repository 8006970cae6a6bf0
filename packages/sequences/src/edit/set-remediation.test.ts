import { expect, it } from 'vitest';
import { allBeats } from '../interpreter/all-beats.ts';
import { readSequence } from '../reader/read-sequence.ts';
import { setRemediation } from './set-remediation.ts';

const TEXT = `{
  "id": "orders.close", "name": "Close orders",
  "movements": [{ "id": "all", "name": "All", "beats": [
    { "handler": "load", "kind": "stage-crew" },
    { "id": "each", "forEach": "$.load.orders",
      "beats": [{ "handler": "ship", "kind": "stage-crew", "aiRemediation": { "enabled": true } }] }
  ] }]
}
`;
const set = (beat: string, remediation: Parameters<typeof setRemediation>[1]['remediation'], text = TEXT) =>
  setRemediation(text, { file: 'close.json', beat, remediation });
function remediationOf(text: string, id: string) {
  const { plan } = readSequence(text, { file: 'close.json' });
  return plan && allBeats(plan).find((beat) => beat.id === id)?.aiRemediation;
}

it('changes one beat, nested ones too, and nothing else', () => {
  const changed = set('load', { enabled: true, maxAiRetries: 2, promptTemplateId: 'mine' });
  expect(remediationOf(changed, 'load')).toEqual({ enabled: true, maxAiRetries: 2, promptTemplateId: 'mine' });
  expect(changed.replace(',"aiRemediation": {"enabled":true,"maxAiRetries":2,"promptTemplateId":"mine"}', '')).toBe(TEXT);
  expect(remediationOf(set('ship', { enabled: false }), 'ship')).toMatchObject({ enabled: false });
  expect(remediationOf(set('each', { enabled: true, model: 'house' }), 'each')).toMatchObject({ model: 'house' });
  expect(remediationOf(set('ship', undefined), 'ship')).toBeUndefined();
});

it('refuses what the document would not be valid with, beats that are not there, and documents that are none', () => {
  expect(() => set('load', { enabled: true, maxAiRetries: 9 })).toThrow(/close\.json:\d+:\d+ error/);
  expect(() => set('lod', { enabled: true })).toThrow(/no beat "lod"; did you mean "load"\?/);
  expect(() => set('load', { enabled: true }, '{ "a": 1 }')).toThrow(/close\.json/);
});
