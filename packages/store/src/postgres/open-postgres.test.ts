import { postgresMissing, startPostgres } from '@selfheal/testkit';
import { describe, expect, it } from 'vitest';
import { project } from '../../test/sample-records.ts';
import { openStore } from '../open-store.ts';

describe('DATABASE_URL', () => {
  it.each([
    ['mysql://user:hunter2@host/db', 'must begin with postgres://'],
    ['postgres://user:hun/ter2@ho st:5432/db', 'is not a URL'],
  ])('is checked: %s', async (databaseUrl, reason) => {
    const failure = openStore({ databaseUrl });
    await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(reason) });
    await expect(failure).rejects.not.toThrow(/hun/);
  });

  it('names host, port and database of a server that does not answer, without its password', async () => {
    const failure = openStore({ databaseUrl: 'postgres://user:hunter2@127.0.0.1:1/records' });
    await expect(failure).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', message: expect.stringContaining('127.0.0.1:1/records') });
    await expect(failure).rejects.not.toThrow(/hunter2/);
  });

  it('names a host that does not exist, and one that is a socket folder', async () => {
    await expect(openStore({ databaseUrl: 'postgres://user@host.invalid/records' })).rejects.toThrow(
      /cannot be reached: host.invalid:5432\/records/,
    );
    await expect(openStore({ databaseUrl: 'postgres:///records?host=/no/such/folder' })).rejects.toThrow(
      /cannot be reached: \/no\/such\/folder:5432/,
    );
  });
});

const missing = postgresMissing();
describe.skipIf(missing !== undefined)(`a PostgreSQL server${missing === undefined ? '' : ` (NOT RUN: ${missing})`}`, () => {
  it('is reported when it refuses the login, lacks the database, or goes away, and used again when it is back', async () => {
    const cluster = await startPostgres();
    try {
      const wrongPassword = openStore({ databaseUrl: cluster.url.replace(':secret@', ':hunter2@') });
      await expect(wrongPassword).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: expect.stringContaining('password authentication failed'),
      });
      await expect(openStore({ databaseUrl: cluster.url.replace(/\/postgres$/, '/nowhere') })).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
      });
      const store = await openStore({ databaseUrl: cluster.url });
      await store.records.put('project', project('1'));
      await cluster.restart();
      await expect.poll(() => store.records.count('project').catch(() => -1)).toBe(1);
      await cluster.stop();
      await expect(store.records.put('project', project('2'))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
      await store.close();
    } finally {
      await cluster.stop();
    }
  });

  it('keeps readers going while writers wait for each other', async () => {
    const cluster = await startPostgres();
    const store = await openStore({ databaseUrl: cluster.url, lockTimeoutMs: 20_000 });
    try {
      const began = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const holder = store.records.transaction(async (tx) => {
        await tx.put('project', project('held'));
        began.resolve();
        await finish.promise;
      });
      await began.promise;
      const waiting = Array.from({ length: 12 }, (_, index) => store.records.put('project', project(String(index))));
      expect(await store.records.count('project')).toBe(0);
      finish.resolve();
      await Promise.all([holder, ...waiting]);
      expect(await store.records.count('project')).toBe(13);
    } finally {
      await store.close();
      await cluster.stop();
    }
  });
});
