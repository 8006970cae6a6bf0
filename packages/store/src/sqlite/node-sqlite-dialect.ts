import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** How one connection is shared by the asynchronous callers of this process. */
export interface ConnectionTurns {
  /** Resolves when the connection is the caller's alone. */
  acquire(): Promise<void>;
  release(): void;
  /** Begins a write transaction, waiting for other processes. */
  begin(database: DatabaseSync): Promise<void>;
}

/** Kysely over Node's own SQLite. Kysely brings the SQL; this brings the connection. */
export class NodeSqliteDialect implements Dialect {
  readonly #database: DatabaseSync;
  readonly #turns: ConnectionTurns;

  constructor(database: DatabaseSync, turns: ConnectionTurns) {
    this.#database = database;
    this.#turns = turns;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#turns);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new TransactionalSqliteAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** SQLite rolls back DDL like anything else; Kysely denies it because its own driver begins deferred transactions. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** Keeps Kysely from queueing callers by itself, without a limit to their wait: the turns do that. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #turns: ConnectionTurns;
  readonly #connection: NodeSqliteConnection;

  constructor(database: DatabaseSync, turns: ConnectionTurns) {
    this.#database = database;
    this.#turns = turns;
    this.#connection = new NodeSqliteConnection(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.acquire();
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#turns.release();
  }

  async beginTransaction(): Promise<void> {
    await this.#turns.begin(this.#database);
  }

  async commitTransaction(): Promise<void> {
    this.#database.exec('commit');
  }

  async rollbackTransaction(): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would hide the true error.
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#database.prepare(query.sql);
    const parameters = query.parameters.map(bindable);
    if (statement.columns().length > 0) return { rows: rowsOf<R>(statement.all(...parameters)) };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: the store never streams; the interface wants the method.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not supported by this connection');
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
}

/** Kysely types rows by the query it compiled; the driver only carries them. */
function rowsOf<R>(rows: unknown): R[] {
  return rows as R[];
}
