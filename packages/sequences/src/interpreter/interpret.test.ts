import { SelfhealError } from '@selfheal/contracts/errors';
import { describe, expect, test } from 'vitest';
import { createInProcessRuntime } from '../in-process/in-process-runtime.ts';
import { choice, own, planOf, recorded, runBeats } from '../testing/sequence-rig.ts';
import { interpret } from './interpret.ts';
import type { BeatCall, DecisionRequest } from './runtime.ts';

describe('data between beats', () => {
  test('a beat without a mapping gets the baton: the input with all outputs merged over it', async () => {
    const seen: unknown[] = [];
    const keep = (output: unknown) => (input: unknown) => {
      seen.push(input);
      return output;
    };
    const handlers = { a: keep({ x: 1, y: 1 }), b: keep({ y: 2 }), c: keep('text') };
    const result = await runBeats([{ handler: 'a' }, { handler: 'b' }, { handler: 'c' }, { handler: 'a' }], handlers, { x: 0, z: 9 });
    expect(seen).toEqual([
      { x: 0, z: 9 },
      { x: 1, y: 1, z: 9 },
      { x: 1, y: 2, z: 9 },
      { x: 1, y: 2, z: 9 },
    ]);
    expect(result.outputs).toEqual({ a: { x: 1, y: 1 }, b: { y: 2 }, c: 'text', 'a#2': { x: 1, y: 1 } });
    expect(result.output).toEqual({ x: 1, y: 1 });
    expect(result.status).toBe('completed');
  });

  test('the call tells the runtime all it needs', async () => {
    const calls: BeatCall[] = [];
    const runtime = { ...recorded().runtime, runBeat: async (call: BeatCall) => calls.push(call) };
    const beat = {
      id: 'one',
      event: 'e',
      handler: 'h',
      kind: 'pure',
      timeout: '5s',
      retry: { maximumAttempts: 2 },
      aiRemediation: { enabled: true },
    };
    await interpret(planOf(own([beat, { handler: 'h' }])), { n: 1 }, runtime);
    expect(calls[0]).toEqual({
      sequence: 'test',
      movement: 'only',
      beat: 'one',
      handler: 'h',
      kind: 'pure',
      event: 'e',
      input: { n: 1 },
      timeoutMs: 5_000,
      retry: { maximumAttempts: 2, initialIntervalMs: 1_000, backoff: 2, maximumIntervalMs: 60_000 },
      aiRemediation: { enabled: true, maxAiRetries: 3 },
      ordinal: 1,
    });
    expect(calls[1]).toMatchObject({ beat: 'h', kind: 'stage-crew', ordinal: 2 });
    expect(calls[1]).not.toHaveProperty('retry');
  });

  test('the output mapping of the document decides what comes out', async () => {
    const plan = planOf(own([{ handler: 'a' }], { output: { sum: '$.a.sum', at: '$.now', who: { value: '$.me' } } }));
    const { output } = await interpret(plan, {}, recorded({ handlers: { a: () => ({ sum: 3, more: 1 }) } }).runtime);
    expect(output).toEqual({ sum: 3, at: '2026-11-21T00:00:00.000Z', who: '$.me' });
  });

  test('a reference passes through a beat untouched, and a path into it fails that beat', async () => {
    const stored = { $ref: 'sha256-0a', kind: 'batch' };
    const good = await runBeats([{ handler: 'a' }, { handler: 'b', input: { batch: '$.a.batch' } }], {
      a: () => ({ batch: stored }),
      b: (input) => input,
    });
    expect(good.outputs.b).toEqual({ batch: stored });
    const bad = runBeats([{ handler: 'a' }, { handler: 'b', input: { kind: '$.a.batch.kind' } }], {
      a: () => ({ batch: stored }),
      b: () => 0,
    });
    await expect(bad).rejects.toMatchObject({ code: 'BEAT_INPUT_INVALID', where: { beat: 'b', sequence: 'test' } });
  });

  test('a required input that is missing fails the beat that needs it, by name', async () => {
    const run = runBeats([{ id: 'needs', handler: 'a', input: { patch: { path: '$.input.patch', required: true } } }], { a: () => 1 });
    await expect(run).rejects.toThrow(/"patch" is required.*beat needs/s);
  });

  test('a plan is data: frozen, and the same after a trip through JSON', async () => {
    const plan = planOf(own([{ handler: 'a', when: { field: '$.input.go' } }]));
    expect(Object.isFrozen(plan.movements[0]?.beats[0])).toBe(true);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    const rig = recorded({ handlers: { a: () => ({ done: true }) } });
    expect((await interpret(JSON.parse(JSON.stringify(plan)), { go: null }, rig.runtime)).outputs).toEqual({ a: { done: true } });
  });
});

describe('forms', () => {
  const echo = { a: () => ({ a: 1 }), b: () => ({ b: 1 }), c: () => ({ c: 1 }) };

  test('if takes one branch and says which', async () => {
    const beat = choice({ field: '$.input.n', operator: 'gt', value: 5 }, [{ handler: 'a' }], [{ handler: 'b' }], { id: 'choice' });
    expect((await runBeats([beat], echo, { n: 6 })).outputs).toEqual({ choice: { branch: 'then' }, a: { a: 1 } });
    expect((await runBeats([beat], echo, { n: 5 })).outputs).toEqual({ choice: { branch: 'else' }, b: { b: 1 } });
  });

  test('when skips a beat', async () => {
    const { calls } = await runBeats([{ handler: 'a', when: { field: '$.input.n', value: 1 } }, { handler: 'b' }], echo, { n: 2 });
    expect(calls).toEqual(['b']);
  });

  test('forEach gives the item, its position and the results in order', async () => {
    const beat = {
      id: 'loop',
      forEach: '$.input.list',
      as: 'n',
      concurrency: 2,
      beats: [{ handler: 'twice', input: { n: '$.n', at: '$.nIndex' } }],
    };
    const { outputs } = await runBeats([beat], { twice: (input) => input }, { list: [5, 6, 7] });
    expect(outputs).toEqual({
      loop: {
        results: [
          { n: 5, at: 0 },
          { n: 6, at: 1 },
          { n: 7, at: 2 },
        ],
      },
    });
  });

  test('forEach without a mapping hands the item on in the baton, and maps its own output', async () => {
    const beat = { forEach: [1, 2], as: 'n', beats: [{ handler: 'a' }], output: { of: '$.n', got: '$.a.n' } };
    const { outputs } = await runBeats([beat], { a: (input) => input });
    expect(outputs.forEach).toEqual({
      results: [
        { of: 1, got: 1 },
        { of: 2, got: 2 },
      ],
    });
  });

  test.each([
    ['$.input.gone', /found nothing there/],
    ['$.input.text', /found a string/],
    ['$.input.stored', /found a reference to stored data/],
  ])('forEach over %s says that this is no list', async (path, message) => {
    const input = { text: 'x', stored: { $ref: 'sha256-1' } };
    await expect(runBeats([{ forEach: path, beats: [{ handler: 'a' }] }], echo, input)).rejects.toThrow(message);
  });

  test('wait sleeps, or takes an event with its payload', async () => {
    const beats = [{ wait: { duration: '1m30s' } }, { id: 'paid', wait: { event: 'invoice.paid', timeout: '2h' } }, { handler: 'a' }];
    const seen: unknown[] = [];
    const rig = recorded({
      handlers: { a: (input) => void seen.push(input) },
      receive: ({ event, timeoutMs }) => ({ received: true, payload: { event, timeoutMs } }),
    });
    const { outputs } = await interpret(planOf(own(beats)), {}, rig.runtime);
    expect(rig.sleeps).toEqual([90_000]);
    expect(outputs.paid).toEqual({ received: true, payload: { event: 'invoice.paid', timeoutMs: 7_200_000 } });
    expect(seen).toEqual([{ event: 'invoice.paid', timeoutMs: 7_200_000 }]);
  });

  test.each([
    ['continue', 'completed', ['a']],
    ['stop', 'stopped', []],
    ['reject', 'rejected', []],
  ] as const)('an event that does not come: onTimeout %s', async (onTimeout, status, calls) => {
    const beats = [{ wait: { event: 'e', timeout: '1s', onTimeout } }, { handler: 'a' }];
    const result = await runBeats(beats, echo, {}, { receive: () => ({ received: false }) });
    expect(result).toMatchObject({ status, calls });
  });

  test('an event that does not come fails the beat where nothing is said', async () => {
    const run = runBeats([{ id: 'w', wait: { event: 'e', timeout: '1s' } }], echo, {}, { receive: () => ({ received: false }) });
    await expect(run).rejects.toMatchObject({ code: 'BEAT_TIMEOUT', where: { beat: 'w' } });
  });

  test('approval asks with prompt and subject; the answer decides', async () => {
    const asked: DecisionRequest[] = [];
    const ask = { id: 'ok', approval: { prompt: { template: 'Merge {{$.input.id}}?' }, subject: '$.input.hash', timeout: '1h' } };
    const decide = (approved: boolean) => (request: DecisionRequest) => {
      asked.push(request);
      return { approved, by: 'ann', why: 'because' };
    };
    const yes = await runBeats([ask, { handler: 'a' }], echo, { id: 7, hash: 'ff' }, { decide: decide(true) });
    expect(asked).toEqual([{ sequence: 'test', beat: 'ok', prompt: 'Merge 7?', subject: 'ff', timeoutMs: 3_600_000, onTimeout: 'reject' }]);
    expect(yes).toMatchObject({ status: 'completed', calls: ['a'], outputs: { ok: { approved: true, by: 'ann' } } });
    const no = await runBeats([ask, { handler: 'a' }], echo, {}, { decide: decide(false) });
    expect(no).toMatchObject({ status: 'rejected', reason: 'because', calls: [] });
  });

  test.each([
    ['stop', 'stopped', []],
    ['continue', 'completed', ['a']],
  ] as const)('a refusal with onReject %s', async (onReject, status, calls) => {
    const beats = [{ approval: { prompt: 'Go?', onReject } }, { handler: 'a' }];
    expect(await runBeats(beats, echo, {}, { decide: () => ({ approved: false }) })).toMatchObject({ status, calls });
  });

  test("sequence runs a child; its status and output are the beat's output", async () => {
    const child = planOf({ ...own([{ handler: 'a' }, { stop: { status: 'stopped', reason: 'enough' } }]), id: 'child' });
    const beats = [
      { sequence: 'child', input: { from: '$.input.n' } },
      { handler: 'b', input: { status: '$.child.status', a: '$.child.output.a' } },
    ];
    const result = await runBeats(beats, { a: () => ({ a: 5 }), b: (input) => input }, { n: 1 }, { plans: [child] });
    expect(result.outputs).toEqual({ child: { status: 'stopped', output: { a: 5 } }, b: { status: 'stopped', a: 5 } });
  });

  test('graph runs each node when what it depends on has ended, and shows it what those wrote', async () => {
    const node = (id: string, dependsOn: string[], input?: unknown) => ({ id, dependsOn, beat: { handler: id, input } });
    const graph = [node('c', ['b', 'a'], { a: '$.a.n', b: '$.b.n' }), node('b', ['a']), node('a', []), node('free', [])];
    const result = await runBeats([{ id: 'g', graph }], {
      a: () => ({ n: 1 }),
      b: () => ({ n: 2 }),
      c: (input) => input,
      free: () => ({}),
    });
    expect(result.calls).toEqual(['a', 'free', 'b', 'c']);
    expect(result.outputs.c).toEqual({ a: 1, b: 2 });
    expect(result.outputs.g).toEqual({ nodes: { c: 'completed', b: 'completed', a: 'completed', free: 'completed' } });
  });

  test('graph runs exactly as many nodes at once as it says, and a failure ends it when what runs has ended', async () => {
    let running = 0;
    const trace: number[] = [];
    const slow = async () => {
      running += 1;
      trace.push(running);
      await Promise.resolve();
      running -= 1;
      return {};
    };
    const graph = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, beat: { id, handler: 'slow' } }));
    await runBeats([{ graph, concurrency: 2 }], { slow });
    expect(Math.max(...trace)).toBe(2);
    const bad = { id: 'bad', beat: { handler: 'bad' } };
    const failing = runBeats([{ graph: [bad, ...graph], concurrency: 2 }], { slow, bad: () => Promise.reject(new Error('broken')) });
    await expect(failing).rejects.toThrow(/broken/);
    expect(running).toBe(0);
  });

  test('what depends on a failed node is left out, what does not still runs', async () => {
    const graph = [
      { id: 'bad', beat: { handler: 'bad', errorHandling: 'continue' } },
      { id: 'next', dependsOn: ['bad'], beat: { handler: 'a' } },
      { id: 'last', dependsOn: ['next'], beat: { handler: 'b' } },
      { id: 'free', beat: { handler: 'c' } },
    ];
    const result = await runBeats([{ graph }], {
      ...echo,
      bad: () => {
        throw new Error('broken');
      },
    });
    expect(result.calls).toEqual(['bad', 'c']);
    expect(result.outputs.graph).toEqual({ nodes: { bad: 'failed', next: 'blocked', last: 'blocked', free: 'completed' } });
    expect(result.failures.map(({ beat, code }) => [beat, code])).toEqual([
      ['bad', 'BEAT_FAILED'],
      ['next', 'CANCELLED'],
      ['last', 'CANCELLED'],
    ]);
  });

  test('stop ends the whole sequence from wherever it stands', async () => {
    const inner = choice(
      { field: '$.item', value: 2 },
      [{ stop: { status: 'rejected', reason: { template: 'item {{$.item}}' } } }],
      [{ handler: 'a' }],
    );
    const result = await runBeats([{ forEach: [1, 2, 3], beats: [inner] }, { handler: 'b' }], echo);
    expect(result).toMatchObject({ status: 'rejected', reason: 'item 2' });
    expect(result.calls).not.toContain('b');
  });

  test('aiRemediation is said once and does not change the run', async () => {
    const beat = { handler: 'a', aiRemediation: { enabled: true } };
    const { notices, calls } = await runBeats([{ forEach: [1, 2, 3], beats: [{ id: 'x', ...beat }] }], echo);
    expect(calls).toEqual(['a', 'a', 'a']);
    expect(notices).toEqual(['beat "x": nobody remediates here; it runs with its ordinary retry']);
  });
});

describe('errors of the document that only a run can show', () => {
  test('a child without a plan names the nearest one', async () => {
    const child = planOf({ ...own([{ handler: 'a' }]), id: 'billing' });
    const run = runBeats([{ sequence: 'biling' }], { a: () => 1 }, {}, { plans: [child] });
    await expect(run).rejects.toMatchObject({ code: 'SEQUENCE_UNKNOWN', detail: expect.stringContaining('did you mean "billing"') });
  });

  test('a handler that is not registered names the nearest one', async () => {
    const run = runBeats([{ handler: 'lodFiles' }], { loadFiles: () => 1 });
    await expect(run).rejects.toMatchObject({ code: 'HANDLER_UNKNOWN', detail: expect.stringContaining('did you mean "loadFiles"') });
  });

  test('sequences that call each other without end are stopped', async () => {
    const plan = planOf({ ...own([{ sequence: 'round' }]), id: 'round' });
    const runtime = createInProcessRuntime({ handlers: {}, plans: [plan] });
    await expect(interpret(plan, {}, runtime)).rejects.toMatchObject({ code: 'SEQUENCE_CYCLE' });
  });

  test('without someone to decide or to send events, the beat says so', async () => {
    await expect(runBeats([{ approval: { prompt: 'Go?' } }], {})).rejects.toThrow(/no one is there to decide/);
    await expect(runBeats([{ wait: { event: 'e' } }], {})).rejects.toThrow(/nothing here can send it/);
  });

  test('a jump that leads nowhere is an error, not an endless run', async () => {
    const plan = planOf(own([{ handler: 'a' }]));
    const at = { line: 1, column: 1 };
    const goto = { form: 'goto', id: 'g', timing: 'immediate', errorHandling: 'abort', at, target: 'gone', limit: 1 } as const;
    const jumping = { ...plan, movements: [{ id: 'm', name: 'm', beats: [goto] }] };
    await expect(interpret(jumping, {}, recorded().runtime)).rejects.toBeInstanceOf(SelfhealError);
    const branch = {
      form: 'parallel',
      id: 'p',
      timing: 'immediate',
      errorHandling: 'abort',
      at,
      strategy: 'all',
      branches: [[goto]],
    } as const;
    await expect(interpret({ ...plan, movements: [{ id: 'm', name: 'm', beats: [branch] }] }, {}, recorded().runtime)).rejects.toThrow(
      /cannot jump out/,
    );
  });
});
