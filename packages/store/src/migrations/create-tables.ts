import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A table of records as a migration makes it: written out, and not made from recordTables, so that it stays what it was. */
export interface Table {
  readonly name: string;
  readonly columns: readonly (readonly ['text' | 'number' | 'flag', readonly string[]])[];
  readonly indexes: readonly (readonly string[])[];
  readonly unique?: readonly string[];
}

/** The migration that makes the tables, each with its id, columns and body; down removes them with what they hold. */
export function createTables(database: 'sqlite' | 'postgres', tables: readonly Table[]): Migration {
  // Texts compare by their bytes on both databases, so that order and paging are the same.
  const text = database === 'postgres' ? sql`text collate "C"` : sql`text`;
  const number = database === 'postgres' ? sql`double precision` : sql`real`;
  const flag = database === 'postgres' ? sql`smallint` : sql`integer`;
  const body = database === 'postgres' ? sql`json` : sql`text`;
  const types = { text, number, flag };
  return {
    async up(db: Kysely<unknown>) {
      for (const table of tables) {
        let create = db.schema.createTable(table.name).addColumn('id', text, (column) => column.primaryKey().notNull());
        for (const [type, names] of table.columns) for (const name of names) create = create.addColumn(name, types[type]);
        await create.addColumn('body', body, (column) => column.notNull()).execute();
        for (const columns of table.indexes) await createIndex(db, table.name, columns, false);
        if (table.unique !== undefined) await createIndex(db, table.name, table.unique, true);
      }
    },
    async down(db: Kysely<unknown>) {
      for (const table of tables) await db.schema.dropTable(table.name).execute();
    },
  };
}

async function createIndex(db: Kysely<unknown>, table: string, columns: readonly string[], unique: boolean): Promise<void> {
  const create = db.schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns([...columns]);
  await (unique ? create.unique() : create).execute();
}
