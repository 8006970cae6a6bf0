import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { SelfhealError } from '@selfheal/contracts';
import { Kysely } from 'kysely';
import type { Database, OpenDatabase } from '../database.ts';
import { Mutex, type Release } from '../mutex.ts';
import { type ConnectionTurns, NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { isBusy, sqliteFailure, sqliteFlavour } from './sqlite-flavour.ts';

export interface SqliteOptions {
  dataDir: string;
  /** Milliseconds that a writer waits for another. */
  lockTimeoutMs: number;
  /** Called once a wait has lasted a second. */
  onWait?: ((what: string) => void) | undefined;
}

/**
 * Opens `<dataDir>/selfheal.db`: one connection that writes, taken in turns, and one that reads what is committed. node:sqlite is
 * synchronous, so waiting for another process's lock is done here, between attempts, and not inside SQLite, where it would
 * stop the event loop.
 */
export async function openSqlite(options: SqliteOptions): Promise<OpenDatabase> {
  const file = join(options.dataDir, 'selfheal.db');
  const flavour = sqliteFlavour(file);
  const waiting = { file, timeoutMs: options.lockTimeoutMs, onWait: options.onWait };
  try {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    createPrivately(file);
    const writing = await openConnection(waiting);
    const reading = await openConnection(waiting);
    reading.exec('pragma query_only = on');
    const writer = new Kysely<Database>({ dialect: new NodeSqliteDialect(writing, writerTurns(waiting)) });
    const reader = new Kysely<Database>({ dialect: new NodeSqliteDialect(reading, readerTurns) });
    const close = async (): Promise<void> => {
      await reader.destroy();
      await writer.destroy();
      // Kysely opens lazily: a connection that it never used is still ours to close.
      for (const connection of [reading, writing]) if (connection.isOpen) connection.close();
    };
    return { flavour, reader, writer, close };
  } catch (error) {
    throw sqliteFailure(error, file) ?? error;
  }
}

interface Waiting {
  file: string;
  timeoutMs: number;
  onWait: ((what: string) => void) | undefined;
}

async function openConnection(waiting: Waiting): Promise<DatabaseSync> {
  const database = new DatabaseSync(waiting.file);
  try {
    // The switch to WAL ignores busy_timeout: two first starts at once would fail at random.
    await whileBusy(waiting, () => database.exec('pragma journal_mode = wal'));
    database.exec('pragma synchronous = full; pragma journal_size_limit = 67108864; pragma busy_timeout = 5000; pragma foreign_keys = on');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What the store holds is its owner's alone; SQLite gives its other files the rights of this one. A file that exists is not
 * opened: closing it would take away the locks that other connections of this process have on it.
 */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function writerTurns(waiting: Waiting): ConnectionTurns {
  const mutex = new Mutex();
  let release: Release | undefined;
  return {
    async acquire() {
      const granted = await mutex.acquire(waiting.timeoutMs);
      if (granted === undefined) throw locked(waiting, 'a transaction of this process');
      release = granted;
    },
    release() {
      release?.();
    },
    async begin(database) {
      database.exec('pragma busy_timeout = 0');
      try {
        await whileBusy(waiting, () => database.exec('begin immediate'));
      } finally {
        database.exec('pragma busy_timeout = 5000');
      }
    },
  };
}

/** Each read is one synchronous statement: there is nothing to wait for, and nothing to interleave with. */
const readerTurns: ConnectionTurns = {
  async acquire() {},
  release() {},
  async begin() {
    throw new Error('The reading connection has no transactions');
  },
};

/** Repeats the action while SQLite says that another process holds the lock; random pauses keep processes out of step. */
async function whileBusy(waiting: Waiting, action: () => void): Promise<void> {
  const started = performance.now();
  let told = false;
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      const waited = performance.now() - started;
      if (waited >= waiting.timeoutMs) throw locked(waiting, 'another process', error);
      if (!told && waited > 1000) {
        told = true;
        waiting.onWait?.(`waiting for another process that writes to ${waiting.file}`);
      }
      await sleep(2 + Math.random() * 18);
    }
  }
}

function locked(waiting: Waiting, holder: string, cause?: unknown): SelfhealError {
  const detail = `${holder} held the write lock for more than ${Math.round(waiting.timeoutMs / 100) / 10} s`;
  return new SelfhealError('STORE_LOCKED', detail, { where: { file: waiting.file }, cause });
}
