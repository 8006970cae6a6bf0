import { describe, expect, test } from 'vitest';
import type { InProcessOptions } from '../../in-process/in-process-runtime.ts';
import { interpret } from '../../interpreter/interpret.ts';
import { dollar, planOf, readDocument, recorded } from '../../testing/sequence-rig.ts';

const workflow = (steps: readonly unknown[], rest: Readonly<Record<string, unknown>> = {}) => ({
  workflow_id: 'w',
  name: 'W',
  trigger: { type: 'event', event: 'order.created' },
  steps,
  ...rest,
});

const execute = (id: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'execute',
  execute: [{ type: 'do', name: id }],
  ...rest,
});
const action = (id: string, word: string, rest: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'action',
  action: { action: word, reason: `because ${word}` },
  ...rest,
});
const condition = (id: string, test: unknown, rest: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'condition',
  condition: test,
  ...rest,
});

/** Runs a workflow whose `do` handler writes down the step's name. */
async function run(steps: readonly unknown[], input: unknown = {}, options: Partial<InProcessOptions> = {}) {
  const done: string[] = [];
  const note = (given: unknown) => {
    if (typeof given === 'object' && given !== null && 'name' in given) done.push(String(given.name));
    return given;
  };
  const rig = recorded({ ...options, handlers: { do: note, ...options.handlers } });
  const result = await interpret(planOf(workflow(steps)), input, rig.runtime);
  return { ...result, done, sleeps: rig.sleeps };
}

const found = (steps: readonly unknown[], options = {}, rest = {}) =>
  readDocument(workflow(steps, rest), options).diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe('the document', () => {
  const facts = { version: '2.0', description: 'd', enabled: false, tags: ['a', 'b'] };

  test.each([
    ['flat', workflow([execute('a')], { ...facts, timeout: '5m' })],
    [
      'nested',
      {
        workflow_id: 'w',
        name: 'W',
        ...facts,
        definition: { trigger: { type: 'event', event: 'order.created' }, timeout: '5m', steps: [execute('a')] },
      },
    ],
    [
      'without an id of its kind',
      { name: 'W', id: 'w', ...facts, trigger: { type: 'event', event: 'order.created' }, timeout: 300, steps: [execute('a')] },
    ],
  ])('%s', (_name, document) => {
    expect(readDocument(document)).toMatchObject({
      format: 'workflow',
      plan: {
        id: 'w',
        name: 'W',
        version: '2.0',
        enabled: false,
        tags: ['a', 'b'],
        timeoutMs: 300_000,
        trigger: { type: 'event', event: 'order.created' },
      },
    });
  });

  test('a schedule keeps its cron expression', () => {
    expect(planOf(workflow([execute('a')], { trigger: { type: 'schedule', cron: '0 3 * * *' } })).trigger).toEqual({
      type: 'schedule',
      cron: '0 3 * * *',
    });
  });

  test('resources to load are beats where a handler of their name is registered', async () => {
    const context = { load: ['order.details', 'customer.history'] };
    expect(found([execute('a')], { handlers: ['do', 'order.details'] }, { context })).toEqual(['info NOT_SUPPORTED context.load[1]']);
    const plan = planOf(workflow([execute('a', { execute: [{ type: 'do', total: '{{order.total}}' }] })], { context }), {
      handlers: ['do', 'order.details'],
    });
    const rig = recorded({ handlers: { do: (input) => input, 'order.details': () => ({ order: { total: 9 } }) } });
    expect((await interpret(plan, {}, rig.runtime)).outputs.a).toEqual({ total: 9 });
  });
});

describe('the way through the steps', () => {
  test('steps without a word about what follows run in order', async () => {
    expect((await run([execute('a'), execute('b'), action('c', 'continue'), execute('d')])).done).toEqual(['a', 'b', 'd']);
  });

  test.each([
    [10, ['big'], 'rejected', 'because block'],
    [1, ['small'], 'completed', 'because allow'],
  ])('a condition chooses (%d)', async (total, done, status, reason) => {
    const steps = [
      condition('check', { field: 'order.total', operator: 'gt', value: 5 }, { on_true: 'big', on_false: 'small' }),
      action('big', 'block', { execute: [{ type: 'do', name: 'big' }] }),
      action('small', 'allow', { execute: [{ type: 'do', name: 'small' }] }),
    ];
    expect(await run(steps, { order: { total } })).toMatchObject({ done, status, reason });
  });

  test('a branch ends before the next branch begins, and rejoins by `next`', async () => {
    const steps = [
      condition('check', { field: 'n', operator: 'eq', value: 1 }, { on_true: 'one', on_false: 'other' }),
      execute('one', { next: 'both' }),
      execute('other'),
      execute('both'),
    ];
    expect((await run(steps, { n: 1 })).done).toEqual(['one', 'both']);
    expect((await run(steps, { n: 2 })).done).toEqual(['other']);
    expect((await run([...steps.slice(0, 2), execute('other', { next: 'both' }), execute('both')], { n: 2 })).done).toEqual([
      'other',
      'both',
    ]);
  });

  test('a condition without one of its branches goes on', async () => {
    const steps = [condition('check', { field: 'n', operator: 'eq', value: 1 }, { on_false: 'end' }), execute('a')];
    expect((await run(steps, { n: 1 })).done).toEqual(['a']);
    expect((await run(steps, { n: 2 })).done).toEqual([]);
  });

  test('a jump back runs again, and a jump without end is stopped', async () => {
    let left = 3;
    const handlers = { take: () => ({ left: --left }) };
    const steps = [
      { id: 'again', type: 'execute', execute: [{ type: 'take' }] },
      condition('more', { field: 'left', operator: 'gt', value: 0 }, { on_true: 'again', on_false: 'done' }),
      execute('done'),
    ];
    expect(await run(steps, {}, { handlers })).toMatchObject({ done: ['done'], outputs: { again: { left: 0 } } });
    expect(found(steps)).toEqual(['info JUMP_BACKWARD steps[1].on_true']);
    await expect(run([execute('a', { next: 'a' })])).rejects.toThrow(/was taken 100 times/);
  });

  test('an action that ends: stop and reject with their reasons; with a next step the verdict is kept', async () => {
    expect(await run([action('a', 'stop'), execute('b')])).toMatchObject({ status: 'stopped', reason: 'because stop', done: [] });
    expect(await run([action('a', 'reject')])).toMatchObject({ status: 'rejected', reason: 'because reject' });
    expect(await run([action('a', 'block', { next: 'b' }), execute('b')])).toMatchObject({ status: 'rejected', done: ['b'] });
    expect(await run([{ id: 'a', type: 'action', action: 'allow' }, execute('b')])).toMatchObject({ status: 'completed', done: [] });
  });

  test('require_approval asks, unless the step asks by a handler of its own', async () => {
    const decide = () => ({ approved: false, why: 'too much' });
    expect(await run([action('a', 'require_approval'), execute('b')], {}, { decide })).toMatchObject({
      status: 'rejected',
      reason: 'too much',
      done: [],
    });
    const asks = action('a', 'require_approval', { execute: [{ type: 'create_approval_request' }] });
    expect(await run([asks, execute('b')], {}, { handlers: { create_approval_request: () => 1 } })).toMatchObject({ done: ['b'] });
  });
});

describe('the kinds of steps', () => {
  test('conditions: nested and/or, words and signs, an expression', async () => {
    const decided = async (test: unknown, input: unknown) =>
      (await run([condition('c', test, { on_true: 'y', on_false: 'n' }), execute('y'), execute('n')], input)).done[0];
    const input = { a: 5, tags: ['x'], text: 'hello', flag: true, none: null };
    const is = (field: string, operator: string, value?: unknown) => ({ field, operator, value });
    const cases: [unknown, string][] = [
      [is('a', '==', 5), 'y'],
      [is('a', '!=', 5), 'n'],
      [is('a', 'greater_than', 4), 'y'],
      [is('a', 'not_in', [1, 5]), 'n'],
      [is('tags', 'not_contains', 'z'), 'y'],
      [is('none', 'not_exists'), 'y'],
      [is('text', 'regex', '^h.*o$'), 'y'],
      [{ and: [is('a', 'gte', 5), { or: [is('flag', 'eq', false), is('tags', 'contains', 'x')] }] }, 'y'],
      [{ ...is('a', 'eq', 4), or: [is('a', 'eq', 5)] }, 'y'],
      [{ ...is('a', 'not_in', [4]), and: [is('flag', 'eq', false)] }, 'n'],
      [{ not: is('a', 'eq', 5) }, 'n'],
      ["a >= 5 && text === 'hello' || flag == false", 'y'],
      ['a > 5 || !flag', 'n'],
      ['flag', 'y'],
      ['true', 'y'],
      ["'a && b' == 'x'", 'error'],
    ];
    for (const [test, expected] of cases.slice(0, -1)) expect([test, await decided(test, input)]).toEqual([test, expected]);
    expect(found([condition('c', "'a && b' == 'x'")])).toEqual(['error VALUE_INVALID steps[0].condition']);
  });

  test('execute: templates are filled from the context, earlier steps and now', async () => {
    const steps = [
      execute('a', {
        execute: [
          {
            type: 'do',
            id: '{{order.id}}',
            whole: dollar('order'),
            text: `No {{order.id}} for ${dollar('who')}`,
            at: '{{now}}',
            plain: 5,
            deep: [{ x: '{{order.id}}' }],
          },
        ],
      }),
      execute('b', { execute: [{ type: 'do', from: '{{a.id}}' }] }),
    ];
    const { outputs } = await run(steps, { order: { id: 7 }, who: 'Ann' });
    expect(outputs.a).toEqual({
      id: 7,
      whole: { id: 7 },
      text: 'No 7 for Ann',
      at: '2026-11-21T00:00:00.000Z',
      plain: 5,
      deep: [{ x: 7 }],
    });
    expect(outputs.b).toEqual({ from: 7 });
  });

  test('execute: several handlers in order, retries, time limits and going on after errors', () => {
    const steps = [
      execute('a', {
        execute: [{ type: 'x' }, { handler: 'y', timeout: '1s' }, 'z'],
        retry: { max_attempts: 5, backoff: 'linear' },
        timeout: '30s',
        on_error: 'continue',
      }),
    ];
    const [movement] = planOf(workflow(steps)).movements;
    const shared = { errorHandling: 'continue', retry: { maximumAttempts: 5, initialIntervalMs: 1_000, backoff: 1 } };
    expect(movement?.beats).toMatchObject([
      { id: 'a', handler: 'x', timeoutMs: 30_000, ...shared },
      { id: 'a#2', handler: 'y', timeoutMs: 1_000, ...shared },
      { id: 'a#3', handler: 'z', timeoutMs: 30_000, ...shared },
    ]);
    expect(found(steps)).toEqual(['info NOT_SUPPORTED steps[0].retry.backoff']);
  });

  test.each([
    ['all_must_pass', 'all'],
    ['any_can_pass', 'any'],
    ['best_effort', 'settle'],
    [undefined, 'all'],
  ])('parallel: %s', (strategy, ours) => {
    const steps = [
      { id: 'p', type: 'parallel', parallel: { strategy, steps: [execute('a'), condition('c', { field: 'x', value: 1 }), execute('b')] } },
    ];
    expect(planOf(workflow(steps)).movements[0]?.beats[0]).toMatchObject({
      form: 'parallel',
      id: 'p',
      strategy: ours,
      branches: [[{ id: 'a' }], [{ form: 'if', id: 'c' }], [{ id: 'b' }]],
    });
  });

  test('foreach runs its steps for each item', async () => {
    const steps = [
      {
        id: 'f',
        type: 'foreach',
        foreach: {
          items: 'order.lines',
          as: 'line',
          concurrency: 2,
          steps: [execute('a', { execute: [{ type: 'do', name: '{{line.sku}}' }] })],
        },
      },
    ];
    const { done, outputs } = await run(steps, { order: { lines: [{ sku: 'x' }, { sku: 'y' }] } });
    expect([done, outputs.f]).toEqual([['x', 'y'], { results: [{ name: 'x' }, { name: 'y' }] }]);
  });

  test('wait: for a time, for an event, and what happens when it does not come', async () => {
    const waits = [
      { id: 't', type: 'wait', wait: { duration: '90s' } },
      { id: 'd', type: 'delay', duration: 5 },
    ];
    expect((await run(waits)).sleeps).toEqual([90_000, 5_000]);
    const wait = (on_timeout?: string) => [
      { id: 'w', type: 'wait', wait: { event: 'paid', timeout: '1h', on_timeout } },
      execute('a', { next: 'end' }),
      execute('late'),
    ];
    const receive = () => ({ received: true, payload: { paid: 5 } });
    const never = { receive: () => ({ received: false }) };
    expect(await run(wait('late'), {}, { receive })).toMatchObject({ done: ['a'], output: { paid: 5 } });
    expect(await run(wait('late'), {}, never)).toMatchObject({ done: ['late'] });
    expect(await run(wait('continue'), {}, never)).toMatchObject({ done: ['a'] });
    expect(await run(wait('block'), {}, never)).toMatchObject({ done: [], status: 'rejected' });
    await expect(run(wait(), {}, never)).rejects.toMatchObject({ code: 'BEAT_TIMEOUT' });
  });
});

describe('findings', () => {
  test.each([
    ['no steps', [], ['error PROPERTY_MISSING steps']],
    ['no id', [{ type: 'execute', execute: ['do'] }], ['info ASSUMED steps[0]']],
    ['an id twice', [execute('a'), execute('a')], ['error ID_TWICE steps[1].id']],
    ['an unknown type', [{ id: 'a', type: 'conditon' }], ['error FORM_UNKNOWN steps[0].type']],
    ['no type', [{ id: 'a' }], ['error FORM_UNKNOWN steps[0]']],
    [
      'an unknown target',
      [condition('a', { field: 'x', value: 1 }, { on_true: 'aproved' }), execute('approved')],
      ['error TARGET_UNKNOWN steps[0].on_true'],
    ],
    [
      'an unknown operator',
      [condition('a', { field: 'x', operator: 'like', value: 1 })],
      ['error OPERATOR_UNKNOWN steps[0].condition.operator'],
    ],
    ['no condition', [{ id: 'a', type: 'condition' }], ['error PROPERTY_MISSING steps[0]']],
    ['a condition that is a number', [condition('a', 5)], ['error VALUE_INVALID steps[0].condition']],
    ['a condition without field', [condition('a', { operator: 'eq', value: 1 })], ['error PROPERTY_MISSING steps[0].condition']],
    ['a field that cannot be read', [condition('a', { field: 'x y', value: 1 })], ['error PATH_INVALID steps[0].condition.field']],
    [
      'a bad pattern',
      [condition('a', { field: 'x', operator: 'regex', value: '(a+)+' })],
      ['error PATTERN_INVALID steps[0].condition.value'],
    ],
    ['an unknown action', [action('a', 'explode')], ['error VALUE_INVALID steps[0].action.action']],
    ['no action', [{ id: 'a', type: 'action' }], ['error PROPERTY_MISSING steps[0]']],
    ['a handler without name', [{ id: 'a', type: 'execute', execute: [{ message: 'x' }] }], ['error PROPERTY_MISSING steps[0].execute[0]']],
    ['a bad duration', [execute('a', { timeout: 'soon' })], ['error VALUE_INVALID steps[0].timeout']],
    [
      'an unknown strategy',
      [{ id: 'p', type: 'parallel', parallel: { strategy: 'race', steps: [execute('a')] } }],
      ['warning VALUE_INVALID steps[0].parallel.strategy'],
    ],
    ['an empty parallel', [{ id: 'p', type: 'parallel', parallel: { steps: [] } }], ['error PROPERTY_MISSING steps[0].parallel']],
    [
      'foreach over nothing',
      [{ id: 'f', type: 'foreach', foreach: { steps: [execute('a')] } }],
      ['error PROPERTY_MISSING steps[0].foreach'],
    ],
    ['foreach that does nothing', [{ id: 'f', type: 'foreach', foreach: { items: 'x' } }], ['error PROPERTY_MISSING steps[0].foreach']],
    ['a wait for nothing', [{ id: 'w', type: 'wait', wait: {} }], ['error PROPERTY_MISSING steps[0].wait']],
    [
      'a timeout to nowhere',
      [{ id: 'w', type: 'wait', wait: { event: 'e', timeout: '1s', on_timeout: 'nowhere' } }],
      ['error TARGET_UNKNOWN steps[0].wait.on_timeout'],
    ],
    [
      'a timeout back',
      [execute('a'), { id: 'w', type: 'wait', wait: { event: 'e', timeout: '1s', on_timeout: 'a' } }],
      ['error JUMP_BACKWARD steps[1].wait.on_timeout'],
    ],
    ['an error path', [execute('a', { on_error: 'rescue' })], ['warning NOT_SUPPORTED steps[0].on_error']],
    ['a retry that is a text', [execute('a', { retry: 'often' })], ['warning VALUE_INVALID steps[0].retry']],
  ])('%s', (_name, steps, expected) => {
    expect(found(JSON.parse(JSON.stringify(steps)))).toEqual(expected);
  });

  test('an unknown handler is an error with the nearest name', () => {
    const { diagnostics } = readDocument(workflow([execute('a', { execute: [{ type: 'notfy' }] })]), { handlers: ['notify'] });
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'HANDLER_UNKNOWN', path: 'steps[0].execute[0].type', nearest: 'notify' },
    ]);
  });

  test('an action of another name is a handler where one is registered', () => {
    const steps = [{ id: 'a', type: 'action', action: { action: 'sendMail', to: '{{user.mail}}' } }];
    expect(planOf(workflow(steps), { handlers: ['sendMail'] }).movements[0]?.beats).toMatchObject([
      { handler: 'sendMail', input: { to: '$.baton.user.mail' } },
    ]);
  });
});
