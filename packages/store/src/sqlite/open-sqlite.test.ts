import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { openSqlite } from './open-sqlite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-sqlite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the SQLite store', () => {
  it('is durable: write-ahead log, synchronous full', async () => {
    const opened = await openSqlite({ dataDir: join(folder, 'durable'), lockTimeoutMs: 1000 });
    const { rows } = await sql<{ mode: string; sync: number }>`
      select (select journal_mode from pragma_journal_mode) as mode, (select synchronous from pragma_synchronous) as sync`.execute(
      opened.writer,
    );
    expect(rows).toEqual([{ mode: 'wal', sync: 2 }]);
    await opened.close();
  });

  it('is readable by its owner alone', async () => {
    const dataDir = join(folder, 'private');
    await (await openStore({ dataDir })).close();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'selfheal.db')).mode & 0o777).toBe(0o600);
  });

  it('never writes through its reading connection', async () => {
    const opened = await openSqlite({ dataDir: join(folder, 'readonly'), lockTimeoutMs: 1000 });
    await expect(sql`create table t (a)`.execute(opened.reader)).rejects.toThrow(/readonly/);
    await expect(opened.reader.transaction().execute(async () => undefined)).rejects.toThrow('no transactions');
    await opened.close();
  });

  it('says what is wrong with a file that is no database', async () => {
    const dataDir = join(folder, 'garbage');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'selfheal.db'), 'this is not a database, but a long enough text to be read as one: '.repeat(50));
    await expect(openStore({ dataDir })).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('selfheal.db') });
  });

  it('says where it cannot write', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(openStore({ dataDir: join(file, 'data') })).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  });

  it('needs to know where the store is', async () => {
    await expect(openStore({})).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  const small = 'mount -t tmpfs -o size=600k tmpfs "$1" && exec "$2" "$3" "$1/data"';
  const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
  const canMount = spawnSync('unshare', [...unshare, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

  it.skipIf(!canMount)(
    `says that the disk is full and keeps what it acknowledged${canMount ? '' : ' (NOT RUN: no right to mount a small disk)'}`,
    () => {
      const mount = join(folder, 'small-disk');
      mkdirSync(mount);
      const script = join(import.meta.dirname, '../../test/children/fill.ts');
      const run = spawnSync('unshare', [...unshare, 'sh', '-c', small, 'sh', mount, process.execPath, script], { encoding: 'utf8' });
      expect(run.stderr).toBe('');
      const result = JSON.parse(run.stdout);
      expect(result).toMatchObject({ code: 'STORE_FULL', blobCode: 'STORE_FULL' });
      expect(result.stored).toBeGreaterThan(0);
      expect(result.readable).toBe(result.stored);
    },
  );
});
