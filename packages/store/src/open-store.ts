import { type Records, SelfhealError } from '@selfheal/contracts';
import type { OpenDatabase } from './database.ts';
import { migrate } from './migrations/migrate.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { referencesIn } from './records/references.ts';
import { SqlRecords } from './records/sql-records.ts';
import { rootSession } from './session.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';

export interface StoreOptions {
  /** Folder of `selfheal.db`; used where no databaseUrl is given. Created where it is missing. */
  dataDir?: string | undefined;
  /** `postgres://user:password@host:port/database` */
  databaseUrl?: string | undefined;
  /** Milliseconds that a writer waits for others before STORE_LOCKED. Default 30,000. */
  lockTimeoutMs?: number | undefined;
  /** SQLite: told what is waited for, once a wait for another process has lasted a second. */
  onWait?: ((what: string) => void) | undefined;
}

export interface Store {
  readonly database: 'sqlite' | 'postgres';
  /** For people: a file, or host and database, without password. */
  readonly place: string;
  /** Migrations that ran when it was opened. */
  readonly migrated: readonly string[];
  readonly records: Records;
  /** The `$ref` of every stored value that a record names. Records of telemetry and timing are left out: they are many, and written from values alone. */
  references(): Promise<Set<string>>;
  close(): Promise<void>;
}

/**
 * Opens the records, and brings their schema up to date. Fails with STORE_UNREACHABLE, STORE_UNWRITABLE, STORE_CORRUPT,
 * STORE_LOCKED, STORE_FULL or STORE_VERSION.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const lockTimeoutMs = options.lockTimeoutMs ?? 30_000;
  const database = await openDatabase(options, lockTimeoutMs);
  try {
    const migrated = await migrate(database, 'latest', lockTimeoutMs);
    const session = rootSession(database, lockTimeoutMs);
    return {
      database: database.flavour.name,
      place: database.flavour.place,
      migrated,
      records: new SqlRecords(session),
      references: () => referencesIn(session),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Takes the schema up or down to the migration named, to `latest` or to `none`, and returns what ran. Down removes data. */
export async function migrateStore(options: StoreOptions, target: string): Promise<string[]> {
  const lockTimeoutMs = options.lockTimeoutMs ?? 30_000;
  const database = await openDatabase(options, lockTimeoutMs);
  try {
    return await migrate(database, target, lockTimeoutMs);
  } finally {
    await database.close();
  }
}

async function openDatabase(options: StoreOptions, lockTimeoutMs: number): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) return openPostgres({ databaseUrl: options.databaseUrl, lockTimeoutMs });
  if (options.dataDir !== undefined) return openSqlite({ dataDir: options.dataDir, lockTimeoutMs, onWait: options.onWait });
  throw new SelfhealError('CONFIG_INVALID', 'a store needs a data folder or DATABASE_URL');
}
