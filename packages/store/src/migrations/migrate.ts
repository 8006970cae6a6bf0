import { SelfhealError } from '@selfheal/contracts';
import { sql } from 'kysely';
import { type Migration, type MigrationResultSet, Migrator, NO_MIGRATIONS } from 'kysely/migration';
import type { OpenDatabase } from '../database.ts';
import { type Db, rootSession } from '../session.ts';
import { RECORDS } from './0001-records.ts';
import { REMEDIATION } from './0002-remediation.ts';
import { createTables } from './create-tables.ts';

const MIGRATION_TABLE = 'selfheal_migration';

/** Every migration by name, in order. A name once shipped never changes. */
function migrations(database: 'sqlite' | 'postgres'): Record<string, Migration> {
  return { '0001-records': createTables(database, RECORDS), '0002-remediation': createTables(database, REMEDIATION) };
}

/**
 * Brings the schema to the newest migration (`latest`), to the one named, or to nothing (`none`), in one transaction that shuts
 * other writers out. Returns the names of the migrations that ran. Fails with STORE_VERSION where the schema is newer than this code.
 */
export async function migrate(database: OpenDatabase, target: string, lockTimeoutMs: number): Promise<string[]> {
  const { flavour } = database;
  const known = migrations(flavour.name);
  if (target === 'latest' && (await isCurrent(database, lockTimeoutMs, Object.keys(known)))) return [];
  if (flavour.schema !== undefined) await createSchema(database, lockTimeoutMs, flavour.schema);
  return rootSession(database, lockTimeoutMs).transaction((session) =>
    session.write(async (db) => {
      await assertKnown(db, database, Object.keys(known));
      const migrator = new Migrator({
        db,
        provider: { getMigrations: async () => known },
        migrationTableName: MIGRATION_TABLE,
        migrationLockTableName: `${MIGRATION_TABLE}_lock`,
        ...(flavour.schema === undefined ? {} : { migrationTableSchema: flavour.schema }),
      });
      return ran(await (target === 'latest' ? migrator.migrateToLatest() : migrator.migrateTo(target === 'none' ? NO_MIGRATIONS : target)));
    }),
  );
}

/** Spares every start but the first the wait for the write lock. */
async function isCurrent(database: OpenDatabase, lockTimeoutMs: number, known: readonly string[]): Promise<boolean> {
  return rootSession(database, lockTimeoutMs).read(async (db) => {
    await assertKnown(db, database, known);
    return (await appliedMigrations(db, database)).length === known.length;
  });
}

async function assertKnown(db: Db, database: OpenDatabase, known: readonly string[]): Promise<void> {
  const unknown = (await appliedMigrations(db, database)).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new SelfhealError('STORE_VERSION', `its schema has ${unknown.join(', ')}, this version knows up to ${known.at(-1)}`, {
    where: { store: database.flavour.place },
  });
}

/** The names of the migrations that the database has had; none where it is new. */
async function appliedMigrations(db: Db, database: OpenDatabase): Promise<string[]> {
  if (!(await hasMigrationTable(db, database))) return [];
  const { schema } = database.flavour;
  const table = schema === undefined ? sql.table(MIGRATION_TABLE) : sql.table(`${schema}.${MIGRATION_TABLE}`);
  const { rows } = await sql<{ name: string }>`select name from ${table} order by name`.execute(db);
  return rows.map((row) => row.name);
}

async function hasMigrationTable(db: Db, database: OpenDatabase): Promise<boolean> {
  const { schema } = database.flavour;
  const query =
    schema === undefined
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name = ${MIGRATION_TABLE}`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = ${schema} and tablename = ${MIGRATION_TABLE}`;
  return (await query.execute(db)).rows.length > 0;
}

/** Two first starts at once may both find no schema; PostgreSQL then fails one of them in spite of `if not exists`. */
async function createSchema(database: OpenDatabase, lockTimeoutMs: number, schema: string): Promise<void> {
  const session = rootSession(database, lockTimeoutMs);
  await session.transaction((trx) => trx.write((db) => sql`create schema if not exists ${sql.ref(schema)}`.execute(db)));
}

function ran(set: MigrationResultSet): string[] {
  if (set.error !== undefined) throw set.error;
  return (set.results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName);
}
