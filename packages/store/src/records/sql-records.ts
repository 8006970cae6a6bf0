import { type RecordFilter, type RecordKind, type RecordOf, type Records, SelfhealError } from '@selfheal/contracts';
import type { RecordRow, SqlValue } from '../database.ts';
import type { Db, Session } from '../session.ts';
import { type AnyFilter, filtered, paged } from './record-query.ts';
import { fromBody, toRow } from './record-row.ts';
import { columnsOf, uniqueFieldsOf } from './record-tables.ts';

/** Rows of one statement: well below the 32,766 parameters that SQLite binds. */
const ROWS_PER_STATEMENT = 500;

/** The records of a database, through a session that may be a transaction. */
export class SqlRecords implements Records {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    const body = await this.#session.read((db) => bodyOf(db, kind, id));
    return body === undefined ? undefined : this.#record(kind, id, body);
  }

  async need<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K>> {
    const record = await this.get(kind, id);
    if (record === undefined) throw missing(kind, id);
    return record;
  }

  async put<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<void> {
    await this.putAll(kind, [record]);
  }

  async putAll<K extends RecordKind>(kind: K, records: readonly RecordOf<K>[]): Promise<void> {
    const rows = oneRowPerId(records.map((record) => this.#row(kind, record)));
    if (rows.length === 0) return;
    await this.#session.write(async (db) => {
      for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
        await upsert(db, kind, rows.slice(start, start + ROWS_PER_STATEMENT));
      }
    });
  }

  async insert<K extends RecordKind>(kind: K, record: RecordOf<K>): Promise<{ record: RecordOf<K>; inserted: boolean }> {
    const row = this.#row(kind, record);
    return this.#session.write(async (db) => {
      const added = await db
        .insertInto<RecordKind>(kind)
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      const stored = added.length > 0 ? row : await twinOf(db, kind, row);
      if (stored === undefined) throw missing(kind, row.id);
      return { record: this.#record(kind, stored.id, stored.body), inserted: added.length > 0 };
    });
  }

  async update<K extends RecordKind>(kind: K, id: string, change: (record: RecordOf<K>) => RecordOf<K>): Promise<RecordOf<K>> {
    const { rowLocks } = this.#session.flavour;
    return this.#session.write(async (db) => {
      const body = await bodyOf(db, kind, id, rowLocks);
      if (body === undefined) throw missing(kind, id);
      const row = this.#row(kind, change(this.#record(kind, id, body)));
      if (row.id !== id)
        throw new SelfhealError('INPUT_INVALID', `field id: an update may not change it to ${row.id}`, { where: { record: kind, id } });
      await upsert(db, kind, [row]);
      return this.#record(kind, id, row.body);
    });
  }

  async list<K extends RecordKind>(kind: K, filter: RecordFilter<K> = {}): Promise<RecordOf<K>[]> {
    const { flavour } = this.#session;
    const rows = await this.#session.read((db) => {
      const any: AnyFilter = filter;
      return paged(filtered(db.selectFrom<RecordKind>(kind).select(['id', 'body']), kind, any, flavour), kind, any, flavour).execute();
    });
    return rows.map((row) => this.#record(kind, row.id, row.body));
  }

  async count<K extends RecordKind>(kind: K, filter: RecordFilter<K> = {}): Promise<number> {
    const { flavour } = this.#session;
    const rows = await this.#session.read((db) => {
      const any: AnyFilter = filter;
      const page = paged(filtered(db.selectFrom<RecordKind>(kind).select('id'), kind, any, flavour), kind, any, flavour);
      return db
        .selectFrom(page.as('page'))
        .select((select) => select.fn.countAll<number | string | bigint>().as('records'))
        .execute();
    });
    return Number(rows[0]?.records ?? 0);
  }

  async remove<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.#session.write(async (db) => {
      let removed = 0;
      for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
        const some = ids.slice(start, start + ROWS_PER_STATEMENT);
        const result = await db.deleteFrom<RecordKind>(kind).where('id', 'in', some).execute();
        removed += result.reduce((sum, each) => sum + Number(each.numDeletedRows), 0);
      }
      return removed;
    });
  }

  transaction<T>(work: (records: Records) => Promise<T>): Promise<T> {
    return this.#session.transaction((session) => work(new SqlRecords(session)));
  }

  #row<K extends RecordKind>(kind: K, record: RecordOf<K>): RecordRow {
    const row = toRow(kind, record);
    return { ...row, body: this.#session.flavour.encodeBody(row.body) };
  }

  #record<K extends RecordKind>(kind: K, id: string, body: string): RecordOf<K> {
    return fromBody(kind, id, this.#session.flavour.decodeBody(body));
  }
}

async function bodyOf(db: Db, kind: RecordKind, id: string, lock = false): Promise<string | undefined> {
  const query = db.selectFrom<RecordKind>(kind).select('body').where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row?.body;
}

/** Writes rows by id. The database fails with RECORD_CONFLICT where another id holds the unique place of one. */
async function upsert(db: Db, kind: RecordKind, rows: readonly RecordRow[]): Promise<void> {
  const columns = ['body', ...columnsOf(kind).keys()];
  await db
    .insertInto<RecordKind>(kind)
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((set) => Object.fromEntries(columns.map((column) => [column, set.ref(`excluded.${column}`)]))),
    )
    .execute();
}

/** The stored row of the same unique fields, else of the same id. */
async function twinOf(db: Db, kind: RecordKind, row: RecordRow): Promise<{ id: string; body: string } | undefined> {
  const unique = uniqueFieldsOf(kind);
  const query = db.selectFrom<RecordKind>(kind).select(['id', 'body']);
  const byId = await query.where('id', '=', row.id).executeTakeFirst();
  if (byId !== undefined || unique.length === 0) return byId;
  return query
    .where((where) => where.and(Object.fromEntries(unique.map((field): [string, SqlValue] => [field, row[field] ?? null]))))
    .executeTakeFirst();
}

/** The last of each id, in the order of ids: two writers of the same rows then never wait for each other in a circle. */
function oneRowPerId(rows: readonly RecordRow[]): RecordRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function missing(kind: RecordKind, id: string): SelfhealError {
  return new SelfhealError('RECORD_MISSING', `${kind} ${id} is not in the store`, { where: { record: kind, id } });
}
