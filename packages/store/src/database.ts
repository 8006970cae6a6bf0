import type { RecordKind, SelfhealError } from '@selfheal/contracts';
import type { Expression, Kysely, SqlBool, Transaction } from 'kysely';

export type SqlValue = string | number | null;

/** A row of any record table: the id, the whole record as JSON text, and the columns that recordTables names. */
export interface RecordRow {
  id: string;
  body: string;
  [column: string]: SqlValue;
}

export type Database = Record<RecordKind, RecordRow>;

/** How long a transaction shuts others out: `shared` is for single writes, `exclusive` for reads that decide writes. */
export type LockMode = 'shared' | 'exclusive';

/** What differs between the databases. */
export interface Flavour {
  readonly name: 'sqlite' | 'postgres';
  /** For people: a file, or a host and database. Never a password. */
  readonly place: string;
  /** The schema that holds our tables, where the database has schemas. */
  readonly schema?: string;
  readonly rowLocks: boolean;
  /** Called first in a transaction; waits until the lock is held. */
  lock(trx: Transaction<Database>, mode: LockMode): Promise<void>;
  /** The text that the body column holds for a record's JSON, and back. */
  encodeBody(json: string): string;
  decodeBody(stored: string): string;
  /** A field that is not a column equals the value; false where it is absent or of another type. */
  jsonEquals(field: string, value: string | number | boolean): Expression<SqlBool>;
  jsonIsAbsent(field: string): Expression<SqlBool>;
  /** The field as a number; null where it is none. */
  jsonNumber(field: string): Expression<number | null>;
  /** What to order by for a field of unknown type: numbers first, then texts. */
  jsonOrder(field: string): readonly Expression<SqlValue>[];
  /** Our error for one that the database gave; undefined where it is not the database's. */
  failure(error: unknown): SelfhealError | undefined;
}

/** An open database. Reads outside a transaction go to `reader`, so that they see committed data only. */
export interface OpenDatabase {
  readonly flavour: Flavour;
  readonly reader: Kysely<Database>;
  readonly writer: Kysely<Database>;
  close(): Promise<void>;
}
