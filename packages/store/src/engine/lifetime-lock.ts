import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, sqliteFailure } from '../sqlite/sqlite-flavour.ts';

export interface LifetimeLock {
  release(): void;
}

/** A holder that drops its lock object keeps the lock: without this, garbage collection would give it back. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that the operating system gives back when this process ends, however it ends: no stale lock, no process id that
 * another process may have by now. It is the exclusive file lock of an open SQLite transaction, which works on every platform
 * and between containers that share the folder. Undefined where another holds it. Readers look at the lock for microseconds;
 * `waitMs` keeps them from being mistaken for a holder.
 */
export function takeLifetimeLock(file: string, waitMs = 250): LifetimeLock | undefined {
  try {
    const database = new DatabaseSync(file);
    try {
      database.exec(`pragma busy_timeout = ${Math.round(waitMs)}; begin exclusive`);
      held.add(database);
      return {
        release() {
          if (held.delete(database)) database.close();
        },
      };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw sqliteFailure(error, file) ?? error;
  }
}

/** Whether some process holds the lock now. */
export function isLifetimeLockHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      database.prepare('select count(*) from sqlite_master').get();
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    if (isBusy(error)) return true;
    throw sqliteFailure(error, file) ?? error;
  }
}
