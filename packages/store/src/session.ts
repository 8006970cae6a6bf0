import { AsyncLocalStorage } from 'node:async_hooks';
import { SelfhealError } from '@selfheal/contracts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database, Flavour, LockMode, OpenDatabase } from './database.ts';
import { Mutex } from './mutex.ts';

export type Db = Kysely<Database>;

/** Runs work against the database, inside a transaction or outside. */
export interface Session {
  readonly flavour: Flavour;
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** All or nothing. */
  write<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** All or nothing, and alone: no other writer is between its reads and its writes. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/**
 * The session of an open database. A caller that uses it inside its own transaction joins that transaction, where it would else
 * wait for itself.
 */
export function rootSession(database: OpenDatabase, lockTimeoutMs: number): Session {
  const { flavour } = database;
  const ambient: Ambient = new AsyncLocalStorage();
  const joined = (): Session | undefined => {
    const session = ambient.getStore();
    return session?.open ? session : undefined;
  };
  const begin = <T>(mode: LockMode, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
    translated(flavour, () =>
      database.writer.transaction().execute(async (trx) => {
        await flavour.lock(trx, mode);
        return work(trx);
      }),
    );
  return {
    flavour,
    read: (work) => joined()?.read(work) ?? translated(flavour, () => work(database.reader)),
    write: (work) => joined()?.write(work) ?? begin('shared', work),
    transaction: (work) =>
      joined()?.transaction(work) ??
      begin('exclusive', (trx) => new TransactionSession({ flavour, trx, ambient, lockTimeoutMs, savepoints: 0 }).run(work)),
  };
}

type Ambient = AsyncLocalStorage<TransactionSession>;

/** What all levels of one transaction share. */
interface Shared {
  readonly flavour: Flavour;
  readonly trx: Transaction<Database>;
  readonly ambient: Ambient;
  readonly lockTimeoutMs: number;
  savepoints: number;
}

/**
 * A transaction under way. A statement that fails dooms it, even where the caller catches the error: PostgreSQL does so, and
 * both databases shall behave alike. A nested transaction is a savepoint, and can fail alone.
 */
class TransactionSession implements Session {
  readonly flavour: Flavour;
  open = true;
  readonly #shared: Shared;
  readonly #parent: TransactionSession | undefined;
  /** One nested transaction at a time: savepoints are a stack. */
  readonly #nesting = new Mutex();
  #doom: { cause: unknown } | undefined;

  constructor(shared: Shared, parent?: TransactionSession) {
    this.flavour = shared.flavour;
    this.#shared = shared;
    this.#parent = parent;
  }

  async run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      const result = await this.#shared.ambient.run(this, () => work(this));
      if (this.#doom !== undefined) throw this.#doom.cause;
      return result;
    } finally {
      this.open = false;
    }
  }

  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#innermost().#attempt(work);
  }

  write<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#innermost().#attempt(work);
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#innermost().#nest(work);
  }

  async #nest<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const release = await this.#nesting.acquire(this.#shared.lockTimeoutMs);
    if (release === undefined) throw new SelfhealError('STORE_LOCKED', 'a nested transaction beside this one does not end');
    const savepoint = sql.ref(`nested_${++this.#shared.savepoints}`);
    try {
      await this.#attempt((db) => sql`savepoint ${savepoint}`.execute(db));
      try {
        const result = await new TransactionSession(this.#shared, this).run(work);
        await this.#attempt((db) => sql`release savepoint ${savepoint}`.execute(db));
        return result;
      } catch (error) {
        await this.#attempt((db) => sql`rollback to savepoint ${savepoint}`.execute(db));
        throw error;
      }
    } finally {
      release();
    }
  }

  /** The nested transaction that the caller is in, where it calls an outer one's records. */
  #innermost(): TransactionSession {
    const current = this.#shared.ambient.getStore();
    return current?.open && current.#isWithin(this) ? current : this;
  }

  #isWithin(outer: TransactionSession): boolean {
    for (let level: TransactionSession | undefined = this; level !== undefined; level = level.#parent) if (level === outer) return true;
    return false;
  }

  async #attempt<T>(work: (db: Db) => Promise<T>): Promise<T> {
    if (!this.open)
      throw new SelfhealError('INPUT_INVALID', 'the records of a transaction were used after it ended; await each use inside');
    try {
      return await translated(this.flavour, () => work(this.#shared.trx));
    } catch (error) {
      this.#doom ??= { cause: error };
      throw error;
    }
  }
}

async function translated<T>(flavour: Flavour, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw flavour.failure(error) ?? error;
  }
}
