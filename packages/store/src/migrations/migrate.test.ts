import { type RecordKind, recordSchemas } from '@selfheal/contracts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabases } from '../../test/databases.ts';
import { project } from '../../test/sample-records.ts';
import type { OpenDatabase } from '../database.ts';
import { migrateStore, openStore, type StoreOptions } from '../open-store.ts';
import { openPostgres } from '../postgres/open-postgres.ts';
import { columnsOf, recordTables, uniqueFieldsOf } from '../records/record-tables.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';

const MIGRATIONS = ['0001-records', '0002-remediation'];
const KINDS = Object.keys(recordSchemas) as RecordKind[];

describe.each(testDatabases())('migrations on $title', (database) => {
  if (database.skipped) return it.skip('needs the database', () => undefined);
  beforeAll(() => database.start());
  afterAll(() => database.stop());

  it('run once, when a store is opened first', async () => {
    const options = await database.fresh();
    const first = await openStore(options);
    await first.close();
    const second = await openStore(options);
    await second.close();
    expect(first.migrated).toEqual(MIGRATIONS);
    expect(second.migrated).toEqual([]);
  });

  it('run once where several starters meet', async () => {
    const options = await database.fresh();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(options)));
    expect(stores.flatMap((store) => store.migrated)).toEqual(MIGRATIONS);
    await stores[4]?.records.put('project', project('1'));
    expect(await stores[0]?.records.count('project')).toBe(1);
    for (const store of stores) await store.close();
  });

  it('go down to nothing and up again', async () => {
    const options = await database.fresh();
    const before = await openStore(options);
    await before.records.put('project', project('1'));
    await before.close();
    expect(await migrateStore(options, 'none')).toEqual(MIGRATIONS.toReversed());
    expect(await withDatabase(options, tablesOf)).toEqual([]);
    expect(await migrateStore(options, 'latest')).toEqual(MIGRATIONS);
    const after = await openStore(options);
    expect(await after.records.count('project')).toBe(0);
    await after.close();
  });

  it('go down one by one: what the first holds stays, what the second made goes', async () => {
    const options = await database.fresh();
    const before = await openStore(options);
    await before.records.put('project', project('1'));
    await before.close();
    expect(await migrateStore(options, '0001-records')).toEqual(['0002-remediation']);
    const tables = await withDatabase(options, tablesOf);
    expect(tables).toContain('project');
    expect(tables).not.toContain('promptTemplate');
    const after = await openStore(options);
    expect(after.migrated).toEqual(['0002-remediation']);
    expect(await after.records.count('project')).toBe(1);
    await after.close();
  });

  it('make exactly the tables, columns and indexes that recordTables names', async () => {
    const options = await database.fresh();
    await (await openStore(options)).close();
    expect(await withDatabase(options, tablesOf)).toEqual([...KINDS].sort());
    for (const kind of KINDS) {
      const columns = await withDatabase(options, (opened) => columnsIn(opened, kind));
      expect(columns.sort(), kind).toEqual(['id', 'body', ...columnsOf(kind).keys()].sort());
      const wanted = [...recordTables[kind].indexes, ...(recordTables[kind].unique === undefined ? [] : [uniqueFieldsOf(kind)])];
      expect(await withDatabase(options, (opened) => indexesIn(opened, kind)), kind).toEqual(
        wanted.map((fields) => `${kind}_${fields.join('_')}`).sort(),
      );
    }
  });

  it('refuse a store that a newer version wrote', async () => {
    const options = await database.fresh();
    await (await openStore(options)).close();
    await withDatabase(options, async (opened) => {
      const table = sql.table(opened.flavour.schema === undefined ? 'selfheal_migration' : 'selfheal.selfheal_migration');
      await sql`insert into ${table} (name, timestamp) values ('9999-future', '2099-01-01T00:00:00.000Z')`.execute(opened.writer);
    });
    await expect(openStore(options)).rejects.toMatchObject({ code: 'STORE_VERSION', message: expect.stringContaining('9999-future') });
  });

  it('name a record whose body was damaged', async () => {
    const options = await database.fresh();
    const store = await openStore(options);
    await store.records.put('project', project('1'));
    await withDatabase(options, (opened) => sql`update ${projectTable(opened)} set body = '{"id":"1"}'`.execute(opened.writer));
    await expect(store.records.get('project', '1')).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      message: expect.stringMatching(/field root: .*record project, id 1/),
    });
    await store.close();
  });
});

function projectTable(opened: OpenDatabase) {
  return sql.table(opened.flavour.schema === undefined ? 'project' : 'selfheal.project');
}

async function withDatabase<T>(options: StoreOptions, work: (opened: OpenDatabase) => Promise<T>): Promise<T> {
  const opened =
    options.databaseUrl === undefined
      ? await openSqlite({ dataDir: options.dataDir ?? '', lockTimeoutMs: 5000 })
      : openPostgres({ databaseUrl: options.databaseUrl, lockTimeoutMs: 5000 });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

async function tablesOf(opened: OpenDatabase): Promise<string[]> {
  const query =
    opened.flavour.name === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'selfheal'`;
  const { rows } = await query.execute(opened.reader);
  return rows
    .map((row) => row.name)
    .filter((name) => !name.startsWith('selfheal_migration') && !name.startsWith('sqlite_'))
    .sort();
}

async function columnsIn(opened: OpenDatabase, table: string): Promise<string[]> {
  const query =
    opened.flavour.name === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_table_info(${table})`
      : sql<{
          name: string;
        }>`select column_name as name from information_schema.columns where table_schema = 'selfheal' and table_name = ${table}`;
  return (await query.execute(opened.reader)).rows.map((row) => row.name);
}

async function indexesIn(opened: OpenDatabase, table: string): Promise<string[]> {
  const query =
    opened.flavour.name === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_index_list(${table}) where origin = 'c'`
      : sql<{
          name: string;
        }>`select indexname as name from pg_indexes where schemaname = 'selfheal' and tablename = ${table} and indexname not like '%_pkey'`;
  return (await query.execute(opened.reader)).rows.map((row) => row.name).sort();
}
