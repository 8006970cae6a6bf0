import { SelfhealError } from '@selfheal/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Flavour } from '../database.ts';

/** SQLite's dialect of what the records need. BEGIN IMMEDIATE is its one write lock, so `lock` has nothing left to do. */
export function sqliteFlavour(file: string): Flavour {
  return {
    name: 'sqlite',
    place: file,
    rowLocks: false,
    async lock() {},
    encodeBody: (json) => json,
    decodeBody: (stored) => stored,
    jsonEquals: (field, value) =>
      typeof value === 'boolean'
        ? sql`json_type(body, ${path(field)}) = ${String(value)}`
        : sql`json_extract(body, ${path(field)}) = ${value} and json_type(body, ${path(field)}) not in ('true', 'false')`,
    jsonIsAbsent: (field) => sql`json_extract(body, ${path(field)}) is null`,
    jsonNumber: (field) => numberOf(field),
    jsonOrder: (field) => [numberOf(field), sql`case when ${numberOf(field)} is null then json_extract(body, ${path(field)}) end`],
    failure: (error) => sqliteFailure(error, file),
  };
}

/** Primary result codes of https://sqlite.org/rescode.html; extended codes carry them in their low byte. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const IOERR_SHMSIZE = 4874;
const CONSTRAINT_UNIQUE = 2067;

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && ((code & 0xff) === BUSY || (code & 0xff) === LOCKED);
}

/** Our error for SQLite's, or for the file system's below it. */
export function sqliteFailure(error: unknown, file: string): SelfhealError | undefined {
  if (!(error instanceof Error) || error instanceof SelfhealError) return undefined;
  const options = { where: { file }, cause: error };
  if (isNoSpace(error)) return new SelfhealError('STORE_FULL', `writing failed: ${error.message}`, options);
  if (isBusy(error)) return new SelfhealError('STORE_LOCKED', 'another process holds the database', options);
  const code = resultCode(error);
  if (code === CONSTRAINT_UNIQUE) return new SelfhealError('RECORD_CONFLICT', error.message, options);
  const primary = code === undefined ? undefined : code & 0xff;
  if (primary === CORRUPT || primary === NOTADB) {
    return new SelfhealError('STORE_CORRUPT', `SQLite says: ${error.message}`, options);
  }
  if (primary === READONLY || primary === CANTOPEN || isForbidden(error)) {
    return new SelfhealError('STORE_UNWRITABLE', error.message, options);
  }
  return undefined;
}

function isNoSpace(error: Error): boolean {
  const code = resultCode(error);
  // The shared-memory file of the WAL cannot grow: SQLite reports it as an I/O error of its own.
  if (code !== undefined) return (code & 0xff) === FULL || code === IOERR_SHMSIZE;
  return 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function isForbidden(error: Error): boolean {
  return 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM' || error.code === 'ENOTDIR');
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}

function path(field: string): string {
  return `$."${field}"`;
}

function numberOf(field: string): RawBuilder<number | null> {
  return sql`case when json_type(body, ${path(field)}) in ('integer', 'real') then json_extract(body, ${path(field)}) end`;
}
