import { describe, expect, test } from 'vitest';
import { interpret } from '../../interpreter/interpret.ts';
import { planOf, readDocument, recorded } from '../../testing/sequence-rig.ts';

const document = (beats: readonly unknown[], rest: Readonly<Record<string, unknown>> = {}) => ({
  pluginId: 'P',
  id: 'p-symphony',
  name: 'P',
  movements: [{ id: 'm', name: 'M', beats }],
  ...rest,
});

const beatsOf = (beats: readonly unknown[], rest = {}) => planOf(document(beats, rest)).movements[0]?.beats ?? [];
const found = (beats: readonly unknown[], options = {}, rest = {}) =>
  readDocument(document(beats, rest), options).diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe('older sequence documents', () => {
  test.each([
    ['numbered beats', document([{ beat: 1, handler: 'a', dynamics: 'mf' }])],
    ['number instead of beat', { name: 'x', movements: [{ name: 'm', beats: [{ number: 1, handler: 'a' }] }] }],
    [
      'another schema',
      { $schema: './musical-sequence.schema.json', name: 'x', movements: [{ name: 'm', beats: [{ name: 'b', handler: { name: 'a' } }] }] },
    ],
    ['wrapped', { musicalSequence: { id: 'x', title: 'X', movements: [{ title: 'm', beats: [{ handler: 'a' }] }] } }],
    ['only a foreign kind', { id: 'x', name: 'x', movements: [{ id: 'm', beats: [{ handler: 'a', kind: 'io' }] }] }],
    ['only a foreign timing', { id: 'x', name: 'x', movements: [{ id: 'm', beats: [{ handler: 'a', timing: 'after-beat' }] }] }],
    ['only abort-sequence', { id: 'x', name: 'x', movements: [{ id: 'm', beats: [{ handler: 'a', errorHandling: 'abort-sequence' }] }] }],
  ])('%s', (_name, tried) => {
    expect(readDocument(tried)).toMatchObject({ format: 'conductor', plan: { movements: [{ beats: [{ handler: 'a' }] }] } });
  });

  test.each([
    ['an input mapping', { beat: 1, handler: 'a', input: { x: '$.input.x' } }],
    ['a form of ours', { beat: 1, forEach: '$.input.list', beats: [{ handler: 'a' }] }],
    ['a condition', { beat: 1, handler: 'a', when: { field: '$.input.x' } }],
    ['a slip of the pen', { handler: 'a', kind: 'pur' }],
  ])('a document with %s is of our own format, also without its schema', (_name, beat) => {
    expect(readDocument({ id: 'x', name: 'x', movements: [{ id: 'm', beats: [beat] }] }).format).toBe('selfheal');
  });

  test('an id is made where there is none', () => {
    expect(
      planOf({ name: 'SAFe Delivery — Pipeline', tempo: 60, movements: [{ name: 'Set up', beats: [{ handler: 'a' }] }] }),
    ).toMatchObject({
      id: 'safe-delivery-pipeline',
      movements: [{ id: 'set-up', name: 'Set up' }],
    });
  });

  test('a handler is a text, an object, or in a list', () => {
    const beats = beatsOf([
      { beat: 1, handler: 'a' },
      { handler: { name: 'x.y#b', scope: 's', kind: 'pure' } },
      { handlers: ['c', { name: 'd' }] },
    ]);
    expect(beats.map((beat) => beat.form === 'handler' && [beat.id, beat.handler, beat.kind])).toEqual([
      ['a', 'a', 'stage-crew'],
      ['x.y#b', 'x.y#b', 'pure'],
      ['c', 'c', 'stage-crew'],
      ['d', 'd', 'stage-crew'],
    ]);
  });

  test('names of another writing resolve to registered handlers', () => {
    const handlers = ['scan', 'load', 'a.b'];
    const beats = [
      { handler: 'analysis.discovery#scan' },
      { handler: 'src\\handlers\\load.ts' },
      { handler: 'a.b' },
      { beat: 4, handler: 'lod' },
    ];
    const { diagnostics } = readDocument(document(beats), { handlers });
    expect(diagnostics).toMatchObject([{ code: 'HANDLER_UNKNOWN', path: 'movements[0].beats[3].handler', nearest: 'load' }]);
    expect(planOf(document(beats.slice(0, 3)), { handlers }).movements[0]?.beats).toMatchObject([
      { handler: 'scan' },
      { handler: 'load' },
      { handler: 'a.b' },
    ]);
  });

  test('kinds, timings and error handling become ours', () => {
    const beats = beatsOf(
      [
        { handler: 'a', kind: 'io', timing: 'after-beat', errorHandling: 'abort-sequence' },
        { handler: 'b', kind: 'validation', timing: 'async', errorHandling: 'continue' },
        { handler: 'c', kind: 'observation', timing: 'delayed', delay: '2s', errorHandling: 'retry' },
      ],
      { tempo: 240 },
    );
    expect(beats).toMatchObject([
      { kind: 'stage-crew', delayMs: 250, errorHandling: 'abort' },
      { kind: 'pure', timing: 'async', errorHandling: 'continue' },
      { kind: 'stage-crew', delayMs: 2_000, errorHandling: 'retry', retry: { maximumAttempts: 3 } },
    ]);
    expect(beats[1]).not.toHaveProperty('delayMs');
  });

  test('an after-beat waits 60/tempo seconds first; 120 where no tempo is given', async () => {
    const rig = recorded({ handlers: { a: () => 1, b: () => 2 } });
    await interpret(
      planOf(
        document([
          { beat: 1, handler: 'a' },
          { handler: 'b', timing: 'after-beat' },
        ]),
      ),
      {},
      rig.runtime,
    );
    expect([rig.sleeps, rig.calls]).toEqual([[500], ['a', 'b']]);
  });

  test('what cannot be run is said, with its place, and the rest is read', () => {
    const beats = [
      { beat: 1, event: 'e' },
      { beat: 2, handler: 'a', kind: 'generation' },
      { beat: 3, handler: 'a', timing: 'on-beat' },
      { beat: 4, handlers: [{ script: 'run.cjs' }] },
      { beat: 5, handler: 'a', errorHandling: 'rollback' },
      'text',
      { beat: 7, hander: 'a' },
    ];
    expect(found(beats, {}, { beats: 9, tempo: 'presto' })).toEqual([
      'warning NOT_SUPPORTED movements[0].beats[3].handlers[0]',
      'warning BEAT_SKIPPED movements[0].beats[5]',
      'warning BEAT_SKIPPED movements[0].beats[6].hander',
      'info BEAT_SKIPPED movements[0].beats[0]',
      'info ASSUMED movements[0].beats[1].kind',
      'info ASSUMED movements[0].beats[2].timing',
      'info BEAT_SKIPPED movements[0].beats[3]',
      'info ASSUMED movements[0].beats[4].errorHandling',
      'info ASSUMED beats',
      'info ASSUMED tempo',
    ]);
    const plan = planOf(document(beats));
    expect(plan.movements[0]?.beats.map(({ id }) => id)).toEqual(['a', 'a#2', 'a#3']);
    expect(plan.unsupported.length).toBeGreaterThan(5);
  });

  test('a document without a beat that can be run says so', () => {
    expect(found([{ beat: 1, event: 'e' }])).toContain('warning BEAT_SKIPPED movements');
  });

  test('an event that is a registered handler is called', () => {
    expect(planOf(document([{ beat: 1, event: 'invoice.print' }]), { handlers: ['invoice.print'] }).movements[0]?.beats).toMatchObject([
      { handler: 'invoice.print' },
    ]);
  });

  test('arguments go over the baton as literals', async () => {
    const rig = recorded({ handlers: { a: (input) => input } });
    const result = await interpret(
      planOf(document([{ beat: 1, handler: 'a', args: { size: '$.input.x', n: 1 } }])),
      { n: 0, kept: true },
      rig.runtime,
    );
    expect(result.outputs.a).toEqual({ n: 1, kept: true, size: '$.input.x' });
  });

  test('backslashes in paths are turned', () => {
    const plan = planOf(document([{ beat: 1, handler: 'a', testFile: 'packages\\p\\a.spec.ts', scenario: 'a\\b' }]));
    expect(plan.metadata).toMatchObject({ pluginId: 'P', beats: { a: { testFile: 'packages/p/a.spec.ts', scenario: 'a\\b' } } });
  });
});
