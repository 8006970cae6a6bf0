import { setTimeout as sleep } from 'node:timers/promises';
import type { Records } from '@selfheal/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabases } from '../test/databases.ts';
import { incident, project } from '../test/sample-records.ts';
import { openStore, type Store, type StoreOptions } from './open-store.ts';

describe.each(testDatabases())('transactions on $title', (database) => {
  if (database.skipped) return it.skip('needs the database', () => undefined);
  let options: StoreOptions;
  let store: Store;
  let records: Records;

  beforeAll(async () => {
    await database.start();
    options = await database.fresh();
    store = await openStore(options);
    records = store.records;
  });
  afterAll(async () => {
    await store?.close();
    await database.stop();
  });
  beforeEach(async () => {
    for (const kind of ['project', 'incident'] as const) {
      await records.remove(
        kind,
        (await records.list(kind)).map((record) => record.id),
      );
    }
  });
  const ids = async (of: Records = records): Promise<string[]> => (await of.list('project')).map((record) => record.id);

  it('commits all and returns what the work returned', async () => {
    const result = await records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      await tx.insert('project', project('2'));
      return tx.count('project');
    });
    expect(result).toBe(2);
    expect(await ids()).toEqual(['1', '2']);
  });

  it('undoes all where the work throws', async () => {
    const failing = records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await ids()).toEqual([]);
  });

  it('shows its own writes inside, and none outside before it ends', async () => {
    let seenOutside: string[] | undefined;
    const other = await openStore(options);
    await records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      expect(await ids(tx)).toEqual(['1']);
      seenOutside = await ids(other.records);
    });
    expect(seenOutside).toEqual([]);
    expect(await ids(other.records)).toEqual(['1']);
    await other.close();
  });

  it('shows other callers of this process nothing before it ends', async () => {
    const began = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const transaction = records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      began.resolve();
      await finish.promise;
    });
    await began.promise;
    expect(await ids()).toEqual([]);
    finish.resolve();
    await transaction;
    expect(await ids()).toEqual(['1']);
  });

  it('never interleaves two transactions that wait in the middle', async () => {
    await records.put('project', project('1', { createdAt: 0 }));
    const increment = (): Promise<void> =>
      records.transaction(async (tx) => {
        const { createdAt } = await tx.need('project', '1');
        await sleep(5);
        await tx.put('project', project('1', { createdAt: createdAt + 1 }));
      });
    const update = (): Promise<unknown> => records.update('project', '1', (record) => ({ ...record, createdAt: record.createdAt + 1 }));
    await Promise.all([increment(), update(), increment(), update(), increment()]);
    expect((await records.need('project', '1')).createdAt).toBe(5);
  });

  it('joins the transaction where its caller uses the outer records', async () => {
    const failing = records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      await records.update('project', '1', (record) => ({ ...record, name: 'joined' }));
      expect((await records.need('project', '1')).name).toBe('joined');
      await records.transaction((nested) => nested.put('project', project('2')));
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await ids()).toEqual([]);
  });

  it('undoes a nested transaction alone', async () => {
    await records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      const nested = tx.transaction(async (inner) => {
        await inner.put('project', project('2'));
        await tx.put('project', project('3'));
        throw new Error('inner');
      });
      await expect(nested).rejects.toThrow('inner');
      await tx.transaction((inner) => inner.transaction((innermost) => innermost.put('project', project('4'))));
    });
    expect(await ids()).toEqual(['1', '4']);
  });

  it('takes nested transactions that start at once in turns', async () => {
    await records.transaction(async (tx) => {
      const nest = (id: string, fail: boolean): Promise<void> =>
        tx.transaction(async (inner) => {
          await inner.put('project', project(id));
          await sleep(2);
          if (fail) throw new Error(id);
        });
      await Promise.allSettled([nest('1', false), nest('2', true), nest('3', false)]);
    });
    expect(await ids()).toEqual(['1', '3']);
  });

  it('does not commit after a failed statement, even where its error is caught', async () => {
    await records.put('incident', incident('1', { fingerprint: 'same' }));
    const doomed = records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      await tx.put('incident', incident('2', { fingerprint: 'same' })).catch(() => undefined);
    });
    await expect(doomed).rejects.toMatchObject({ code: 'RECORD_CONFLICT' });
    expect(await ids()).toEqual([]);
  });

  it('goes on after a nested transaction whose statement failed', async () => {
    await records.put('incident', incident('1', { fingerprint: 'same' }));
    await records.transaction(async (tx) => {
      await tx.transaction((inner) => inner.put('incident', incident('2', { fingerprint: 'same' }))).catch(() => undefined);
      await tx.put('project', project('1'));
    });
    expect(await ids()).toEqual(['1']);
  });

  it('refuses its records after it ended', async () => {
    let leaked: Records | undefined;
    await records.transaction(async (tx) => {
      leaked = tx;
    });
    await expect(leaked?.put('project', project('1'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('tells a writer that waits too long who holds the store, and harms neither', async () => {
    const waits: string[] = [];
    const impatient = await openStore({ ...options, lockTimeoutMs: 1300, onWait: (what) => waits.push(what) });
    const began = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const holder = records.transaction(async (tx) => {
      await tx.put('project', project('1'));
      began.resolve();
      await finish.promise;
    });
    await began.promise;
    await expect(impatient.records.put('project', project('2'))).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    if (database.name === 'sqlite') expect(waits).toEqual([expect.stringContaining('selfheal.db')]);
    finish.resolve();
    await holder;
    await impatient.records.put('project', project('3'));
    expect(await ids()).toEqual(['1', '3']);
    await impatient.close();
  });

  it('tells a writer of the same process that waits too long', async () => {
    const impatient = await openStore({ ...options, lockTimeoutMs: 100 });
    const began = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const holder = impatient.records.transaction(async () => {
      began.resolve();
      await finish.promise;
    });
    await began.promise;
    await expect(impatient.records.put('project', project('2'))).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    finish.resolve();
    await holder;
    await impatient.close();
  });
});
