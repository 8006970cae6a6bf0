import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Records } from '@selfheal/contracts';
import { openStore } from '@selfheal/store';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { offClockWindows, storedWindows } from './stored-windows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTH_AGO = Date.UTC(2026, 3, 1);
const TODAY = Date.UTC(2026, 4, 1);
const FUTURE = Date.UTC(2099, 0, 1);

describe('storedWindows', () => {
  let records: Records;
  let stored = 0;
  beforeEach(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'selfheal-windows-'));
    const store = await openStore({ dataDir });
    onTestFinished(async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    });
    records = store.records;
  });

  /** A batch of these spans, one slice each. */
  async function store(...spans: { from: number; to: number; events: number }[]): Promise<void> {
    stored += 1;
    const batchId = `b${stored}`;
    const events = spans.reduce((sum, span) => sum + span.events, 0);
    const [from, to] = [Math.min(...spans.map((span) => span.from)), Math.max(...spans.map((span) => span.to))];
    await records.put('batch', {
      id: batchId,
      projectId: 'p',
      file: `${batchId}.parquet`,
      sha256: '',
      events,
      bytes: 1,
      from,
      to,
      createdAt: 1,
    });
    for (const [nth, span] of spans.entries()) {
      const slice = { release: '', bucketStart: span.from, bucketMs: HOUR, operations: [], errors: [], templates: [], ...span };
      await records.put('slice', { id: `${batchId}-${nth}`, projectId: 'p', batchId, release: '', bucketStart: span.from, slice });
    }
  }
  const windows = () => storedWindows(records, 'p', DAY);
  const log = { from: MONTH_AGO, to: MONTH_AGO + HOUR, events: 500 };
  const ofLog = { from: log.from, to: log.to + 1 };

  it('judges logs of last month as of then, and no more than the lookback', async () => {
    expect(await windows()).toEqual([]);
    await store(log);
    expect(await windows()).toEqual([ofLog]);
    await store({ from: log.to, to: log.to + 3 * DAY, events: 900 });
    expect(await windows()).toEqual([{ from: log.to + 2 * DAY, to: log.to + 3 * DAY + 1 }]);
  });

  it('does not let one event of today hide them', async () => {
    await store(log);
    await store({ from: TODAY, to: TODAY, events: 1 });
    expect(await windows()).toEqual([ofLog, { from: TODAY, to: TODAY + 1 }]);
  });

  it('does not let an event dated in the future hide them, from the same batch neither', async () => {
    await store(log, { from: FUTURE, to: FUTURE, events: 1 });
    expect(await windows()).toEqual([ofLog, { from: FUTURE, to: FUTURE + 1 }]);
  });

  it('judges the newest alone where there is enough of it', async () => {
    await store(log);
    await store({ from: TODAY, to: TODAY + HOUR, events: 80 });
    expect(await windows()).toEqual([{ from: TODAY, to: TODAY + HOUR + 1 }]);
  });

  describe('of sources whose clocks differ', () => {
    /** A batch of one source. */
    async function storeOf(source: string, span: { from: number; to: number; events: number }, createdAt = TODAY): Promise<void> {
      stored += 1;
      const batch = { id: `b${stored}`, projectId: 'p', file: `b${stored}.parquet`, sha256: '', bytes: 1, createdAt };
      await records.put('batch', { ...batch, ...span, sources: [{ source, ...span }] });
    }
    const since = { from: TODAY - 3 * DAY, to: TODAY, events: 900 };
    const ofNow = { from: TODAY - DAY, to: TODAY + 1 };

    it('gives one that is days ahead, and one that lags, windows of their own beside that of now', async () => {
      await storeOf('now.log', since);
      await storeOf('ahead.log', { from: TODAY - DAY, to: TODAY + 2 * DAY, events: 900 });
      await storeOf('behind.log', { from: TODAY - 9 * DAY, to: TODAY - 5 * DAY, events: 900 });
      expect(await windows()).toEqual([
        { from: TODAY - 6 * DAY, to: TODAY - 5 * DAY + 1 },
        ofNow,
        { from: TODAY + DAY, to: TODAY + 2 * DAY + 1 },
      ]);
    });

    it('leaves one that is some hours behind in the window of the others', async () => {
      await storeOf('now.log', since);
      await storeOf('behind.log', { from: TODAY - 3 * DAY, to: TODAY - 5 * HOUR, events: 900 });
      expect(await windows()).toEqual([ofNow]);
    });

    it('judges none again of which nothing came any more, and none of which there is next to nothing', async () => {
      await storeOf('gone.log', log, MONTH_AGO);
      await storeOf('thin.log', { ...log, events: 5 });
      await storeOf('now.log', since);
      expect(await windows()).toEqual([ofNow]);
    });

    describe('in a sweep by the clock', () => {
      const now = TODAY + HOUR;
      const off = () => offClockWindows(records, { projectId: 'p', now, lookbackMs: DAY });

      it('adds a window for each clock that is off, one for those that are off alike', async () => {
        await storeOf('now.log', since);
        await storeOf('some-hours-behind.log', { from: TODAY - 3 * DAY, to: TODAY - 5 * HOUR, events: 900 });
        expect(await off()).toEqual([]);
        await storeOf('ahead.log', { from: TODAY - DAY, to: TODAY + 9 * HOUR, events: 900 });
        await storeOf('behind.log', { from: TODAY - 9 * DAY, to: TODAY - 5 * DAY, events: 900 });
        await storeOf('behind-too.log', { from: TODAY - 6 * DAY, to: TODAY - 5 * DAY + HOUR, events: 900 });
        expect(await off()).toEqual([
          { from: TODAY - 6 * DAY + HOUR, to: TODAY - 5 * DAY + HOUR + 1 },
          { from: TODAY - 15 * HOUR, to: TODAY + 9 * HOUR + 1 },
        ]);
      });

      it('adds none for one that came to rest, and none for next to nothing', async () => {
        await storeOf('gone.log', log, MONTH_AGO);
        await storeOf('thin.log', { ...log, events: 5 });
        expect(await off()).toEqual([]);
      });
    });
  });

  it('judges all where all of it is thin', async () => {
    await store({ from: MONTH_AGO, to: MONTH_AGO, events: 3 });
    await store({ from: TODAY, to: TODAY, events: 3 });
    expect(await windows()).toHaveLength(2);
  });
});
