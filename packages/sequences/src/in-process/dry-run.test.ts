import { expect, it } from 'vitest';
import { own, planOf } from '../testing/sequence-rig.ts';
import { dryRun } from './dry-run.ts';
import { readSampleData } from './sample-data.ts';

const HANDLERS = ['load', 'double', 'send'];
const beats = [
  { handler: 'load', kind: 'stage-crew', input: { day: '$.input.day' } },
  { id: 'pause', wait: { duration: '1h' } },
  {
    id: 'each',
    forEach: '$.load.orders',
    as: 'order',
    beats: [
      { handler: 'double', kind: 'pure', input: { total: '$.order.total' } },
      { handler: 'send', kind: 'stage-crew', input: { total: '$.double.total' }, timeout: '1s' },
    ],
    output: { sent: '$.send.id' },
  },
  { id: 'sure', approval: { prompt: 'Close the day?', subject: '$.input.day' } },
  { id: 'bank', wait: { event: 'bank.confirmed', timeout: '6h', onTimeout: 'stop' } },
];

const plan = (list: readonly unknown[]) => planOf(own(list), { handlers: HANDLERS });

const called: string[] = [];
const pure = {
  double: (input: unknown) => {
    called.push('double');
    return { total: 2 * Number(Reflect.get(Object(input), 'total')) };
  },
};

it('runs pure handlers, shows what the others would get, and waits for nothing', async () => {
  const sample = readSampleData({
    input: { day: 'monday' },
    outputs: { load: { orders: [{ total: 4 }, { total: 5 }] }, send: { $each: [{ id: 'a' }, { id: 'b' }] } },
    decisions: { sure: { approved: true, by: 'ann' } },
  });
  const started = performance.now();
  const { steps, result } = await dryRun(plan(beats), { sample, pure, standIn: () => ({}) });
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(steps.map(({ beat, what, input, output }) => [beat, what, input, output])).toEqual([
    ['load', 'shown', { day: 'monday' }, { orders: [{ total: 4 }, { total: 5 }] }],
    ['wait', 'waited', undefined, undefined],
    ['double', 'ran', { total: 4 }, { total: 8 }],
    ['send', 'shown', { total: 8 }, { id: 'a' }],
    ['double', 'ran', { total: 5 }, { total: 10 }],
    ['send', 'shown', { total: 10 }, { id: 'b' }],
    ['sure', 'decided', { prompt: 'Close the day?', subject: 'monday' }, { approved: true, by: 'ann' }],
    ['bank.confirmed', 'received', undefined, { received: true, payload: {} }],
  ]);
  expect(result).toMatchObject({ status: 'completed', outputs: { each: { results: [{ sent: 'a' }, { sent: 'b' }] } } });
});

it('tells which outputs are made up, and lets the sample say no', async () => {
  const sample = readSampleData({ input: {}, outputs: { load: { orders: [] } }, decisions: { sure: false } });
  const { steps, result } = await dryRun(plan([beats[0], beats[3], beats[4]]), { sample, pure });
  expect(steps.map(({ note }) => note)).toEqual([undefined, undefined]);
  expect(result).toMatchObject({ status: 'rejected' });
  const silent = await dryRun(plan([beats[0]]), { sample: readSampleData({ day: 1 }), pure, standIn: () => ({ orders: [] }) });
  expect(silent.steps).toMatchObject([{ input: { day: 1 }, output: { orders: [] }, note: expect.stringContaining('made up') }]);
});

it('ends with the error of a pure handler, and shows it at its step', async () => {
  const failing = {
    double: () => {
      throw new TypeError('no total');
    },
  };
  const { steps, result, error } = await dryRun(plan([{ handler: 'double', kind: 'pure' }]), { sample: readSampleData({}), pure: failing });
  expect(steps).toMatchObject([{ beat: 'double', what: 'ran', error: 'no total' }]);
  expect(result).toBeUndefined();
  expect(error).toEqual({ code: 'BEAT_FAILED', message: expect.stringContaining('no total') });
});

it('calls no handler for what a document calls pure and nobody else does', async () => {
  called.length = 0;
  const { steps } = await dryRun(plan([{ handler: 'double', kind: 'pure' }]), { sample: readSampleData({}), pure: {} });
  expect([called, steps[0]?.what]).toEqual([[], 'shown']);
});

it('takes sample data whole as the input, or in parts, and says what is wrong with the parts', () => {
  expect(readSampleData({ day: 1 }).input).toEqual({ day: 1 });
  expect(readSampleData([1]).input).toEqual([1]);
  expect(readSampleData({ outputs: {} }).input).toEqual({});
  expect(() => readSampleData({ decisions: { sure: 'yes' } })).toThrow(/decisions\.sure/);
});
