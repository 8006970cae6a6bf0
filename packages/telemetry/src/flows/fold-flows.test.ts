import { describe, expect, it } from 'vitest';
import { eventsOf, ndjson } from '../../test/raw-events.ts';
import { foldFlows } from './fold-flows.ts';

const START = Date.UTC(2024, 4, 1, 10);
const LATER = START + 3_600_000;

interface Step {
  handler: string;
  at: number;
  ms?: number;
  msg?: string;
}

/** Lines that a service logs as each step of a checkout ends. */
function run(id: string, steps: readonly Step[], extra: object = {}): string {
  return ndjson(
    ...steps.map(({ handler, at, ms, msg = 'step completed' }) => ({
      level: 30,
      time: START + at,
      runId: id,
      sequence: 'checkout',
      handler,
      ...(ms === undefined ? {} : { duration: ms }),
      msg,
      ...extra,
    })),
  );
}

const chain = (...handlers: string[]): Step[] => handlers.map((handler, index) => ({ handler, at: (index + 1) * 100, ms: 40 }));
const fold = (text: string, now = LATER) => foldFlows(eventsOf(text), { now });

describe('foldFlows', () => {
  it('counts variants, with mean durations and gaps', () => {
    const [flow, ...others] = fold(
      [
        run('a', chain('price', 'hold', 'charge')),
        run('b', chain('price', 'hold', 'charge')),
        run('c', chain('price', 'charge', 'hold')),
      ].join('\n'),
    );
    expect(others).toEqual([]);
    expect(flow).toMatchObject({ flow: 'checkout', release: '', count: 3 });
    expect(flow?.variants.map(({ steps, count, stuck, failed }) => [steps, count, stuck, failed])).toEqual([
      [['price', 'hold', 'charge'], 2, 0, 0],
      [['price', 'charge', 'hold'], 1, 0, 0],
    ]);
    expect(flow?.variants[0]).toMatchObject({
      durationsMs: [40, 40, 40],
      gapsMs: [null, 60, 60],
      explainedWaitMs: [0, 0, 0],
      key: 'price > hold > charge',
    });
    expect(flow?.variants[0]?.examples[0]).toMatchObject({ flowId: 'a', lines: [{ line: 1 }, { line: 2 }, { line: 3 }] });
  });

  it('keeps releases apart', () => {
    const flows = fold([run('a', chain('x', 'y'), { release: '1' }), run('b', chain('x', 'y'), { release: '2' })].join('\n'));
    expect(flows.map(({ release, count }) => [release, count])).toEqual([
      ['1', 1],
      ['2', 1],
    ]);
  });

  it('orders by start, not by end', () => {
    const text = run('a', [
      { handler: 'quick', at: 50, ms: 10 },
      { handler: 'slow', at: 200, ms: 190 },
    ]);
    expect(fold(text)[0]?.variants[0]?.steps).toEqual(['slow', 'quick']);
  });

  it('does not swap steps because stamps are rounded', () => {
    const text = run('a', [
      { handler: 'first', at: 10, ms: 0.1 },
      { handler: 'second', at: 10, ms: 0.9 },
      { handler: 'third', at: 11, ms: 0.95 },
    ]);
    expect(fold(text)[0]?.variants[0]?.steps).toEqual(['first', 'second', 'third']);
  });

  it('keeps the order of starts for steps that run at once or again', () => {
    const text = run('a', [
      { handler: 'a', at: 0, msg: 'step started' },
      { handler: 'b', at: 10, msg: 'step started' },
      { handler: 'a', at: 20, ms: 20 },
      { handler: 'a', at: 30, msg: 'step started' },
      { handler: 'b', at: 40, ms: 30 },
      { handler: 'a', at: 50, ms: 20 },
    ]);
    expect(fold(text)[0]?.variants[0]).toMatchObject({ steps: ['a', 'b', 'a'], durationsMs: [20, 30, 20] });
  });

  it('knows a step that started and never ended from one still under way', () => {
    const stuck = run('a', [
      { handler: 'a', at: 0, ms: 0 },
      { handler: 'b', at: 10, msg: 'step started' },
    ]);
    const others = run('z', [
      { handler: 'a', at: 60_000, ms: 1 },
      { handler: 'b', at: 60_010, ms: 1 },
    ]);
    expect(fold(`${stuck}\n${others}`)[0]?.variants.find((variant) => variant.stuck > 0)).toMatchObject({
      steps: ['a', 'b'],
      count: 2,
      stuck: 1,
    });
    const underWay = run('y', [
      { handler: 'a', at: 60_015, ms: 1 },
      { handler: 'b', at: 60_020, msg: 'step started' },
    ]);
    const [flow] = fold(`${others}\n${underWay}`);
    expect(flow).toMatchObject({ count: 1 });
  });

  it('leaves out runs that the window cuts', () => {
    const whole = Array.from({ length: 3 }, (_, index) =>
      run(
        `w${index}`,
        chain('a', 'b', 'c').map((step) => ({ ...step, at: step.at + 10_000 * (index + 1) })),
      ),
    );
    const cutBefore = run('before', [{ handler: 'c', at: 1, ms: 1 }]);
    const cutAfter = run('after', [{ handler: 'a', at: 30_290, ms: 1 }]);
    expect(fold([cutBefore, ...whole, cutAfter].join('\n'))[0]).toMatchObject({ count: 3, variants: [{ steps: ['a', 'b', 'c'] }] });
  });

  it('counts runs that an error or a refused request cut short', () => {
    const refused = `${run('a', chain('price', 'hold'), { traceId: 't1' })}\n${ndjson({ level: 30, time: START + 400, traceId: 't1', method: 'POST', path: '/checkout', status: 409, responseTime: 400 })}`;
    const failed = run('b', [
      { handler: 'price', at: 0, ms: 1 },
      { handler: 'hold', at: 5, ms: 1, msg: 'step failed' },
    ]);
    expect(fold(`${refused}\n${failed}`).find((flow) => flow.flow === 'checkout')).toMatchObject({ count: 2, variants: [{ failed: 2 }] });
  });

  it('names flows without a sequence after the request or root span around them', () => {
    const request = ndjson(
      { level: 30, time: START + 5, reqId: 'q1', handler: 'load', duration: 1, msg: 'x' },
      { level: 30, time: START + 9, reqId: 'q1', handler: 'render', duration: 1, msg: 'x' },
      {
        level: 30,
        time: START + 10,
        reqId: 'q1',
        method: 'GET',
        path: '/orders/1',
        status: 200,
        responseTime: 9,
        msg: 'request completed',
      },
    );
    expect(fold(request)).toMatchObject([{ flow: 'GET /orders/:id', variants: [{ steps: ['load', 'render'] }] }]);
    const span = (name: string, id: string, parentSpanId: string, from: number, to: number) => ({
      traceId: 'a1',
      spanId: id,
      parentSpanId,
      name,
      startTimeUnixNano: `${START + from}000000`,
      endTimeUnixNano: `${START + to}000000`,
    });
    const spans = [span('checkout', 's1', '', 0, 50), span('charge', 's3', 's1', 20, 40), span('hold', 's2', 's1', 5, 15)];
    expect(fold(ndjson({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))).toMatchObject([
      { flow: 'checkout', variants: [{ steps: ['hold', 'charge'], durationsMs: [10, 20] }] },
    ]);
  });

  it('tells apart requests whose ids begin anew after a restart', () => {
    const once = (at: number) => [
      { level: 30, time: START + at, reqId: 'req-1', handler: 'load', duration: 1, msg: 'x' },
      { level: 30, time: START + at + 2, reqId: 'req-1', handler: 'render', duration: 1, msg: 'x' },
      { level: 30, time: START + at + 3, reqId: 'req-1', method: 'GET', path: '/a', status: 200, msg: 'done' },
    ];
    expect(fold(ndjson(...once(0), ...once(60_000)))).toMatchObject([{ count: 2, variants: [{ steps: ['load', 'render'], count: 2 }] }]);
  });

  it('gives nothing for lines without steps or ids', () => {
    expect(fold('INFO a\nhandler: b duration: 1ms')).toEqual([]);
    expect(fold('')).toEqual([]);
  });
});

describe('conductor logs', () => {
  const OFFSETS = [0, 0, 1, 1, 6, 6, 7, 507, 514, 515];
  const older = (at: number): string =>
    [
      'ExecutionQueue: Enqueued "Checkout"',
      'ExecutionQueue: Now executing "Checkout"',
      'PerformanceTracker: Started timing beat 1 for Checkout',
      'DataBaton: set | seq=Checkout beat=1 event=cart.priced handler=priceCart plugin=Shop req=?',
      '✅ BeatExecutor: Beat 1 (cart.priced) completed in 5ms',
      'PerformanceTracker: Beat 1 completed in 5.10ms',
      'Waiting 500ms for beat timing (after-beat)',
      'PerformanceTracker: Started timing beat 2 for Checkout',
      '✅ BeatExecutor: Beat 2 (stock.held) completed in 7ms',
      'SequenceExecutor: Sequence "Checkout" completed in 520ms',
    ]
      .map((text, index) => `${new Date(START + at + (OFFSETS[index] ?? 0)).toISOString()} 🎼 ${text}`)
      .join('\n');

  it('folds the older wording: names from batons, declared waits, each beat once', () => {
    const events = eventsOf(`${older(0)}\n${older(5_000)}`);
    expect(
      events.filter((event) => event.durationMs !== undefined && event.kind === 'beat').map((event) => [event.operation, event.durationMs]),
    ).toEqual([
      ['priceCart', 5],
      ['stock.held', 7],
      ['priceCart', 5],
      ['stock.held', 7],
    ]);
    expect(foldFlows(events, { now: LATER })).toMatchObject([
      {
        flow: 'Checkout',
        count: 2,
        variants: [{ steps: ['cart.priced', 'stock.held'], durationsMs: [5, 7], gapsMs: [null, 501], explainedWaitMs: [0, 500] }],
      },
    ]);
  });

  it('folds the newer wording', () => {
    const text = ['Queued: Checkout', 'Executing: Checkout', 'Beat 1: 1.50ms', 'Beat 2: 2.50ms', 'Sequence Complete: Checkout (17ms)'].join(
      '\n',
    );
    expect(fold(text)).toMatchObject([
      { flow: 'Checkout', count: 1, variants: [{ steps: ['beat 1', 'beat 2'], durationsMs: [1.5, 2.5] }] },
    ]);
  });

  it('joins a run that two batches of intake cut in two', () => {
    const lines = older(0).split('\n');
    const first = eventsOf(lines.slice(0, 6).join('\n'));
    const second = eventsOf(lines.slice(6).join('\n')).map((event) => ({
      ...event,
      id: `${event.id}0`,
      line: event.line + 6,
      ...(event.flowId === undefined ? {} : { flowId: `${event.flowId}0` }),
    }));
    expect(foldFlows([...first, ...second], { now: LATER })).toMatchObject([
      { count: 1, variants: [{ steps: ['cart.priced', 'stock.held'] }] },
    ]);
  });
});
