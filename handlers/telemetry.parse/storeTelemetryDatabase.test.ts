import { appendFileSync } from 'node:fs';
import type { Lake, Records } from '@selfheal/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParseRig } from './testing/parse-rig.ts';

let rig: ParseRig;
beforeEach(async () => {
  rig = await ParseRig.open();
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

const line = (n: number): string =>
  `${JSON.stringify({ level: 30, time: 1714557600000 + n, release: '1.0.0', handler: 'pay', duration: n, msg: `call ${n}` })}\n`;
const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, index) => line(from + index)).join('');
const texts = async (): Promise<string[]> => (await rig.lake.events({ projectId: 'p' })).map((event) => event.text);
const counted = async (): Promise<number> =>
  (await rig.store.records.list('slice')).flatMap(({ slice }) => slice.operations).reduce((sum, stats) => sum + stats.count, 0);

/** The real thing with some of its methods replaced. */
function replacing<T extends object>(real: T, methods: Partial<T>): T {
  return new Proxy(real, {
    get: (target, name) => {
      const value = Reflect.get(name in methods ? methods : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('storeTelemetryDatabase', () => {
  it('stores batch, slices, miner, releases and offsets, and frees the journal', async () => {
    rig.write('a.log', lines(0, 10));
    const parsed = await rig.parse(['a.log']);
    const { batchId } = await rig.storeParsed(parsed);
    const { records } = rig.store;
    expect(await records.get('batch', batchId ?? '')).toMatchObject({ projectId: 'p', events: 10 });
    expect(await records.list('slice')).toMatchObject([{ batchId, release: '1.0.0', slice: { events: 10 } }]);
    expect((await records.get('miner', 'p'))?.state.templates).toHaveLength(1);
    expect(await records.list('release')).toMatchObject([{ name: '1.0.0', at: 1714557600000 }]);
    expect(await records.list('sourceOffset')).toMatchObject([{ path: 'a.log', line: 10, offset: lines(0, 10).length }]);
    await expect(rig.ports.sources.extract(parsed.loaded.segments, new AbortController().signal)).rejects.toMatchObject({
      code: 'REFERENCE_MISSING',
    });
  });

  it('stores nothing twice when it is retried after its commit', async () => {
    rig.write('a.log', lines(0, 10));
    const parsed = await rig.parse(['a.log']);
    const first = await rig.storeParsed(parsed);
    expect(await rig.storeParsed(parsed)).toEqual({ ...first, alreadyStored: true });
    expect([(await texts()).length, await counted()]).toEqual([10, 10]);
  });

  it('loses nothing and doubles nothing when a run dies between writing the batch and its commit', async () => {
    const path = rig.write('a.log', lines(0, 10));
    const dying = replacing(rig.store.records, {
      transaction: async <T>(work: (records: Records) => Promise<T>): Promise<T> =>
        await rig.store.records.transaction(async (records) => {
          await work(records);
          throw new Error('killed');
        }),
    });
    await expect(rig.storeParsed(await rig.parse(['a.log']), rig.openPorts({ records: dying }))).rejects.toThrow('killed');
    expect(await rig.store.records.list('sourceOffset')).toEqual([]);
    expect(await texts()).toEqual([]);
    appendFileSync(path, lines(10, 12));
    rig.ports = rig.openPorts();
    await rig.run(['a.log']);
    expect(await texts()).toEqual(Array.from({ length: 12 }, (_, n) => `call ${n}`));
    expect(await counted()).toBe(12);
  });

  it('leaves out what another run has stored meanwhile', async () => {
    const path = rig.write('a.log', lines(0, 10));
    const early = await rig.parse(['a.log'], 300);
    appendFileSync(path, lines(10, 15));
    const late = await rig.parse(['a.log']);
    await rig.storeParsed(early);
    const { stored } = await rig.storeParsed(late);
    expect(stored).toBe(15 - early.normalised.events.length);
    expect([(await texts()).length, await counted()]).toEqual([15, 15]);
    expect(await rig.storeParsed(early)).toMatchObject({ alreadyStored: true });
  });

  it('begins again when another run stores at the same moment', async () => {
    rig.write('a.log', lines(0, 10));
    const parsed = await rig.parse(['a.log']);
    let overtaken = false;
    const lake = replacing<Lake>(rig.lake, {
      write: async (...args: Parameters<Lake['write']>) => {
        if (!overtaken) {
          overtaken = true;
          await rig.storeParsed(await rig.parse(['a.log'], 300));
        }
        return await rig.lake.write(...args);
      },
    });
    const ports = rig.openPorts({ lake });
    await expect(rig.storeParsed(parsed, ports)).rejects.toMatchObject({ code: 'STORE_MOVED', retryable: true });
    await rig.storeParsed(parsed, ports);
    expect([(await texts()).length, await counted()]).toEqual([10, 10]);
  });

  it('keeps the templates of runs that store one after the other what they read at the same moment', async () => {
    rig.write('first.log', '{"level":30,"msg":"disk 1 is full"}\n');
    rig.write('second.log', '{"level":30,"msg":"user 2 signed in"}\n');
    const first = await rig.parse(['first.log']);
    const second = await rig.parse(['second.log']);
    await rig.storeParsed(first);
    await rig.storeParsed(second);
    const saved = await rig.store.records.get('miner', 'p');
    expect(saved?.state.templates.map(({ count }) => count)).toEqual([1, 1]);
    await rig.run(['first.log']);
    rig.write('first.log', '{"level":30,"msg":"disk 1 is full"}\n{"level":30,"msg":"disk 7 is full"}\n');
    await rig.run(['first.log']);
    expect((await rig.store.records.get('miner', 'p'))?.state.templates.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('moves the offset behind lines that gave no event, and keeps what was rejected', async () => {
    rig.write('logs/a.log', '\n\n\n');
    rig.write('logs/b.log', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    const { stored, rejected, batchId } = await rig.run(['logs']);
    expect({ stored, batchId }).toEqual({ stored: 0, batchId: undefined });
    expect(rejected).toMatchObject([{ path: 'logs/b.log', code: 'LOG_BINARY' }]);
    expect(await rig.store.records.list('quarantined')).toMatchObject([{ rejected: { path: 'logs/b.log' } }]);
    expect(await rig.store.records.list('sourceOffset')).toMatchObject([{ path: 'logs/a.log', offset: 3 }]);
    expect((await rig.run(['logs'])).rejected).toEqual([]);
  });

  it('takes a run in which nothing was new', async () => {
    rig.write('a.log', lines(0, 2));
    await rig.run(['a.log']);
    expect(await rig.run(['a.log'])).toMatchObject({ stored: 0, more: false, summary: expect.stringContaining('0 events stored') });
    expect(await rig.store.records.count('batch')).toBe(1);
  });
});
