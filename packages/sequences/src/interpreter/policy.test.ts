import { SelfhealError } from '@selfheal/contracts/errors';
import { describe, expect, test } from 'vitest';
import { choice, own, planOf, recorded, runBeats } from '../testing/sequence-rig.ts';
import { interpret } from './interpret.ts';
import { retryDelayMs } from './retry.ts';

/** Fails `times` times, then answers. */
function flaky(times: number, error: () => Error = () => new Error('not yet')) {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw error();
    return { ok: true };
  };
}

const broken = () => {
  throw new Error('broken');
};

describe('error handling', () => {
  test('abort throws with the place, and the cause below it', async () => {
    const run = runBeats([{ id: 'first', handler: 'bad' }, { handler: 'a' }], { bad: broken, a: () => 1 });
    await expect(run).rejects.toMatchObject({
      code: 'BEAT_FAILED',
      detail: 'broken',
      where: { sequence: 'test', beat: 'first', handler: 'bad', line: expect.any(Number) },
      cause: { message: 'broken' },
    });
  });

  test('an error of ours keeps its code', async () => {
    const handlers = {
      bad: () => {
        throw new SelfhealError('LOG_MISSING', 'no file', { where: { path: '/x' } });
      },
    };
    await expect(runBeats([{ handler: 'bad' }], handlers)).rejects.toMatchObject({
      code: 'LOG_MISSING',
      where: { path: '/x', beat: 'bad' },
    });
  });

  test('an engine that wraps the error does not hide its code', async () => {
    const handlers = {
      bad: () => {
        const inner = Object.assign(new Error('No log file there: no file. Check the path or glob given with --logs.'), {
          type: 'LOG_MISSING',
          nonRetryable: true,
        });
        throw new Error('Activity task failed', { cause: inner });
      },
    };
    await expect(runBeats([{ handler: 'bad' }], handlers)).rejects.toMatchObject({ code: 'LOG_MISSING', detail: 'no file' });
  });

  test('continue records the failure and goes on without the output', async () => {
    const result = await runBeats([{ handler: 'bad', errorHandling: 'continue' }, { handler: 'a' }], { bad: broken, a: (input) => input });
    expect(result.status).toBe('completed');
    expect(result.outputs).toEqual({ a: {} });
    expect(result.failures).toEqual([
      { beat: 'bad', movement: 'only', handler: 'bad', code: 'BEAT_FAILED', message: expect.stringContaining('broken') },
    ]);
  });

  test('continue around a list names the beat inside that failed', async () => {
    const result = await runBeats(
      [choice({ field: '$.input', operator: 'exists' }, [{ handler: 'bad' }], [], { errorHandling: 'continue' })],
      { bad: broken },
    );
    expect(result.failures[0]).toMatchObject({ beat: 'bad', handler: 'bad' });
  });

  test("the engine's cancellation is no failure: it passes through `continue` unchanged", async () => {
    const cancelled = new Error('cancelled');
    const rig = recorded();
    const runtime = { ...rig.runtime, runBeat: () => Promise.reject(cancelled), isCancellation: (error: unknown) => error === cancelled };
    const beats = [{ id: 'p', parallel: [{ handler: 'a' }], strategy: 'settle', errorHandling: 'continue' }];
    await expect(interpret(planOf(own(beats)), {}, runtime)).rejects.toBe(cancelled);
  });
});

describe('retry', () => {
  test('a handler is tried again with growing pauses, up to the limit', async () => {
    const beat = { handler: 'a', retry: { maximumAttempts: 4, initialInterval: '100ms', backoff: 3, maximumInterval: '500ms' } };
    const good = await runBeats([beat], { a: flaky(3) });
    expect(good).toMatchObject({ outputs: { a: { ok: true } }, sleeps: [100, 300, 500] });
    await expect(runBeats([beat], { a: flaky(4) })).rejects.toThrow(/not yet/);
  });

  test('errorHandling retry is the default retry', async () => {
    expect(await runBeats([{ handler: 'a', errorHandling: 'retry' }], { a: flaky(2) })).toMatchObject({ sleeps: [1_000, 2_000] });
    await expect(runBeats([{ handler: 'a', errorHandling: 'retry' }], { a: flaky(3) })).rejects.toThrow(/not yet/);
  });

  test('what would fail the same way is not tried again', async () => {
    const input = runBeats([{ handler: 'a', errorHandling: 'retry' }], { a: flaky(1, () => new SelfhealError('BEAT_INPUT_INVALID', 'x')) });
    await expect(input).rejects.toMatchObject({ code: 'BEAT_INPUT_INVALID' });
  });

  test('a list is retried as a whole, and what a failed attempt wrote is forgotten', async () => {
    let count = 0;
    const handlers = {
      count: () => ({ n: ++count }),
      fail: (input: unknown) => {
        if (count < 2) throw new Error('again');
        return input;
      },
    };
    const beat = {
      id: 'both',
      parallel: [[{ handler: 'count' }, { handler: 'fail', input: { n: '$.count.n' } }]],
      retry: { maximumAttempts: 2, initialInterval: 5 },
    };
    const result = await runBeats([beat], handlers);
    expect(result).toMatchObject({ outputs: { count: { n: 2 }, fail: { n: 2 } }, sleeps: [5] });
  });

  test('pauses grow and stay below their maximum', () => {
    const retry = { maximumAttempts: 9, initialIntervalMs: 10, backoff: 2, maximumIntervalMs: 50 };
    expect([1, 2, 3, 4, 50].map((attempt) => retryDelayMs(retry, attempt))).toEqual([10, 20, 40, 50, 50]);
  });
});

describe('time limits', () => {
  const never = () => new Promise<never>(() => undefined);

  test('a handler that does not answer fails its beat', async () => {
    await expect(runBeats([{ handler: 'a', timeout: 5 }], { a: never })).rejects.toMatchObject({
      code: 'BEAT_TIMEOUT',
      where: { beat: 'a' },
    });
    expect(await runBeats([{ handler: 'a', timeout: '1m' }], { a: () => 1 })).toMatchObject({ outputs: { a: 1 } });
  });

  test('a list that takes too long is given up: no further beat of it starts', async () => {
    const { promise: gate, resolve: release } = Promise.withResolvers<void>();
    const rig = recorded({ handlers: { slow: () => gate, after: () => 1, end: () => 2 } });
    const beats = [
      { id: 'list', parallel: [[{ handler: 'slow' }, { handler: 'after' }]], timeout: 5, errorHandling: 'continue' },
      { handler: 'end' },
    ];
    const result = await interpret(planOf(own(beats)), {}, rig.runtime);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rig.calls).toEqual(['slow', 'end']);
    expect(result.failures).toMatchObject([{ beat: 'list', code: 'BEAT_TIMEOUT' }]);
  });

  test('a sequence that takes too long fails, also on a runtime that has only sleep', async () => {
    const { withTimeout: _own, ...runtime } = recorded({ handlers: { a: never } }).runtime;
    const plan = planOf(own([{ handler: 'a' }], { timeout: '1h' }));
    await expect(interpret(plan, {}, runtime)).rejects.toMatchObject({
      code: 'BEAT_TIMEOUT',
      detail: 'the sequence "test" did not end within 3600000 ms',
    });
  });

  test('a time limit that is not reached changes nothing', async () => {
    const plan = planOf(
      own([choice({ field: '$.input', operator: 'exists' }, [{ handler: 'a' }], [], { timeout: '1m' })], { timeout: '1h' }),
    );
    expect((await interpret(plan, {}, recorded({ handlers: { a: () => 3 } }).runtime)).outputs.a).toBe(3);
    const { withTimeout: _own, ...runtime } = recorded({ handlers: { a: () => 3 }, sleep: never }).runtime;
    expect((await interpret(plan, {}, runtime)).outputs.a).toBe(3);
  });
});
