import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { choice, own, readDocument } from '../../testing/sequence-rig.ts';
import { sequenceJsonSchema } from './json-schema.ts';

const JSON_SEQUENCES = new URL('../../../../../json-sequences/', import.meta.url);
const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(sequenceJsonSchema());

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, JSON_SEQUENCES), 'utf8'));

test('sequence.schema.json is made from the shapes (write-json-schema.ts writes it)', () => {
  expect(readJson('sequence.schema.json')).toEqual(sequenceJsonSchema());
});

const handler = { handler: 'a' };
const BEATS: Readonly<Record<string, readonly [unknown, boolean]>> = {
  'a handler': [handler, true],
  'a handler with everything': [
    {
      id: 'a',
      beat: 1,
      title: 't',
      description: 'd',
      event: 'e',
      handler: 'a',
      kind: 'pure',
      timing: 'immediate',
      input: { a: '$.input.a', b: [1], c: { value: '$.x' } },
      when: { field: '$.input.a', operator: 'in', value: [1], and: [{ not: { field: '$.input.b' } }] },
      retry: { maximumAttempts: 2, initialInterval: '1s', backoff: 1.5, maximumInterval: 100 },
      timeout: '1h30m',
      errorHandling: 'continue',
      aiRemediation: { enabled: true, promptTemplateId: 'p', maxAiRetries: 5, contextConfig: { code: 'activity', logLines: 10 } },
    },
    true,
  ],
  'an if': [choice({ field: '$.input.a' }, [handler], [{ handler: 'b' }]), true],
  'a parallel': [{ parallel: [handler, [{ handler: 'b' }, { handler: 'c' }]], strategy: 'any', concurrency: 2 }, true],
  'a forEach': [{ forEach: '$.input.list', as: 'n', concurrency: 2, beats: [handler], output: '$.n' }, true],
  'a forEach over a list': [{ forEach: [1, 2], beats: [handler] }, true],
  'a wait': [{ wait: { duration: '5m' } }, true],
  'a wait for an event': [{ wait: { event: 'e', timeout: '1s', onTimeout: 'reject' } }, true],
  'an approval': [{ approval: { prompt: { template: 'x' }, subject: { a: 1 }, timeout: 5, onTimeout: 'approve', onReject: 'stop' } }, true],
  'a child': [{ sequence: 'other.one', input: {} }, true],
  'a graph': [
    {
      graph: [
        { id: 'x', beat: handler },
        { id: 'y', dependsOn: ['x'], beat: { handler: 'b' } },
      ],
      concurrency: 3,
    },
    true,
  ],
  'a stop': [{ stop: { status: 'rejected', reason: 'no' } }, true],
  'an unknown property': [{ handler: 'a', handlers: [] }, false],
  'a handler that is a number': [{ handler: 5 }, false],
  'an unknown kind': [{ handler: 'a', kind: 'io' }, false],
  'an unknown timing': [{ handler: 'a', timing: 'after-beat' }, false],
  'a number without unit as text': [{ handler: 'a', timeout: '10' }, false],
  'a negative time': [{ handler: 'a', timeout: -1 }, false],
  'retry without attempts': [{ handler: 'a', retry: { backoff: 2 } }, false],
  'an if without then': [{ if: { field: '$.input.a' } }, false],
  'an empty then': [choice({ field: '$.input.a' }, []), false],
  'an empty else': [choice({ field: '$.input.a' }, [handler], []), true],
  'a field that is no path': [choice({ field: 'input.a' }, [handler]), false],
  'an unknown operator': [choice({ field: '$.input.a', operator: 'like' }, [handler]), false],
  'an empty condition': [choice({}, [handler]), false],
  'a value without field': [choice({ and: [{ field: '$.input.a' }], value: 1 }, [handler]), false],
  'not with company': [choice({ not: { field: '$.input.a' }, or: [{ field: '$.input.a' }] }, [handler]), false],
  'an empty parallel': [{ parallel: [] }, false],
  'an empty branch': [{ parallel: [[]] }, false],
  'an unknown strategy': [{ parallel: [handler], strategy: 'race' }, false],
  'a nested beat with an error': [{ parallel: [handler, { handler: '' }] }, false],
  'concurrency zero': [{ forEach: [1], concurrency: 0, beats: [handler] }, false],
  'a wait for nothing': [{ wait: {} }, false],
  'a wait for two things': [{ wait: { ms: 1, duration: '1s' } }, false],
  'a timeout without event': [{ wait: { ms: 1, timeout: '1s' } }, false],
  'onTimeout without timeout': [{ wait: { event: 'e', onTimeout: 'stop' } }, false],
  'an approval without prompt': [{ approval: {} }, false],
  'a node without beat': [{ graph: [{ id: 'x' }] }, false],
  'a stop with retry': [{ stop: { status: 'stopped' }, retry: { maximumAttempts: 2 } }, false],
  'an unknown status': [{ stop: { status: 'done' } }, false],
  nothing: [{}, false],
  'a text': ['a', false],
};

describe('the schema and the reader agree', () => {
  test.each(Object.entries(BEATS))('beat: %s', (_name, [beat, good]) => {
    const document = own([beat]);
    expect([validate(document), validate.errors ?? []]).toEqual([good, good ? [] : expect.anything()]);
    expect(readDocument(document).diagnostics.some(({ severity }) => severity === 'error')).toBe(!good);
  });

  test.each([
    ['no name', { name: undefined }, false],
    ['an unknown property', { pluginId: 'x' }, false],
    ['a number as version', { version: 2 }, true],
    ['described inputs', { input: { a: 'x', b: { description: 'y', required: true } } }, true],
    ['an input without description', { input: { a: {} } }, false],
    ['output as a text', { output: '$.a' }, false],
    ['no movements', { movements: [] }, false],
    ['a movement without beats', { movements: [{ id: 'm' }] }, false],
    ['a movement with more', { movements: [{ id: 'm', beats: [handler], tempo: 1 }] }, false],
  ])('document: %s', (_name, change, good) => {
    const document = JSON.parse(JSON.stringify({ ...own([handler]), ...change }));
    expect(validate(document)).toBe(good);
    expect(readDocument(document).diagnostics.some(({ severity }) => severity === 'error')).toBe(!good);
  });

  test.each([
    'telemetry.parse',
    'anomaly.detect',
    'diagnosis.analyze',
    'fix.generate',
    'validation.run',
    'deployment.deploy',
    'learning.track',
  ])('the built-in %s', (id) => {
    const document = readJson(`${id}.json`);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(readDocument(document)).toMatchObject({ format: 'selfheal', plan: { id }, diagnostics: [] });
  });
});
