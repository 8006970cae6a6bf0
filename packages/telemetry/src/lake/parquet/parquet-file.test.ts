import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NumberColumn, TextColumn } from './columns.ts';
import { encodeTable, parquetFile } from './parquet-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 700;
const every = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));

it('writes columns that DuckDB reads back as they were', async () => {
  const texts: Record<string, (string | undefined)[]> = {
    one: every(() => 'same'),
    few: every((row) => (row % 7 === 0 ? undefined : `kind ${row % 5}`)),
    'at first the same': every((row) => (row < 300 ? 'a' : `b${row}`)),
    different: every((row) => `line ${row}`),
    'not ASCII': every((row) => (row % 3 === 0 ? `größe ${row} \u{1F600}` : `${row}`)),
    empty: every((row) => (row % 2 === 0 ? '' : undefined)),
    none: every(() => undefined),
  };
  const numbers: Record<string, (number | undefined)[]> = {
    some: every((row) => (row % 2 === 0 ? row / 8 : undefined)),
    huge: every((row) => row * 1e300),
  };
  const rows = await readBack([
    ...Object.entries(texts).map(([name, values]) => filled(new TextColumn(name, ROWS), values)),
    ...Object.entries(numbers).map(([name, values]) => filled(new NumberColumn(name, ROWS), values)),
  ]);
  for (const [name, values] of Object.entries({ ...texts, ...numbers })) {
    expect(rows.map((row) => row[name] ?? undefined)).toEqual(values);
  }
});

it('writes a table without rows', async () => {
  expect(await readBack([new TextColumn('text', 0), new NumberColumn('number', 0)], 0)).toEqual([]);
});

it('hashes what a table holds', () => {
  const hashOf = (values: readonly string[]) => encodeTable(values.length, [filled(new TextColumn('t', values.length), values)]).hash;
  expect(hashOf(['a', 'b'])).toBe(hashOf(['a', 'b']));
  expect(hashOf(['a', 'b'])).not.toBe(hashOf(['b', 'a']));
  expect(hashOf(['ab', ''])).not.toBe(hashOf(['a', 'b']));
});

it('tells of a text that has no bytes of its own', () => {
  const column = new TextColumn('t', 2);
  expect([column.set(0, 'half \ud800'), column.set(1, 'whole')]).toEqual([false, true]);
});

function filled<C extends TextColumn | NumberColumn>(column: C, values: readonly Parameters<C['set']>[1][]): C {
  for (const [row, value] of values.entries()) {
    if (column.type === 'DOUBLE') column.set(row, typeof value === 'number' ? value : undefined);
    else column.set(row, typeof value === 'string' ? value : undefined);
  }
  return column;
}

async function readBack(columns: (TextColumn | NumberColumn)[], rows = ROWS): Promise<Record<string, unknown>[]> {
  const file = join(folder, `${rows}.parquet`);
  writeFileSync(file, parquetFile(encodeTable(rows, columns), { key: 'value' }));
  const connection = await (await DuckDBInstance.create()).connect();
  const named = await connection.runAndReadAll(`select decode(key), decode(value) from parquet_kv_metadata('${file}')`);
  expect(named.getRows()).toEqual([['key', 'value']]);
  const read = await connection.runAndReadAll(`select * from read_parquet('${file}')`);
  connection.closeSync();
  return read.getRowObjects();
}
