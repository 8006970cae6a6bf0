import { SelfhealError } from '@selfheal/contracts';
import { type RawBuilder, sql } from 'kysely';
import type { Flavour, LockMode } from '../database.ts';
import { originalJson, storableJson } from './storable-json.ts';

/** The schema that holds our tables, so that the database can be shared with other applications. */
export const SCHEMA = 'selfheal';

/** Names our advisory lock among those of the database: the eight bytes of "selfheal". */
const LOCK_KEY = 0x73656c666865616cn;
/** A process that hangs inside a transaction must not stop all others for ever. */
const IDLE_TIMEOUT_MS = 120_000;

const UNIQUE_VIOLATION = '23505';
const DISK_FULL = '53100';
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';
const INSUFFICIENT_PRIVILEGE = '42501';

export interface PostgresServer {
  readonly place: string;
  readonly lockTimeoutMs: number;
  /** All connections of a pool are in use: who gets none waits for our own writers, not for the server. */
  isExhausted(): boolean;
}

/**
 * PostgreSQL's dialect of what the records need. Writers share an advisory lock, and `transaction` takes it alone: transactions
 * are then serial, as on SQLite, and the caller's work runs once, where SERIALIZABLE would have to run it again.
 */
export function postgresFlavour(server: PostgresServer): Flavour {
  const { place, lockTimeoutMs } = server;
  const lock: Flavour['lock'] = async (trx, mode) => {
    await sql`
      with limits as materialized (
        select set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
               set_config('idle_in_transaction_session_timeout', ${String(IDLE_TIMEOUT_MS)}, true)
      )
      select ${lockCall(mode)} from limits`.execute(trx);
  };
  return {
    name: 'postgres',
    place,
    schema: SCHEMA,
    rowLocks: true,
    lock,
    encodeBody: storableJson,
    decodeBody: originalJson,
    // `->` gives a value as it was written, and JSON.stringify writes equal values equally.
    jsonEquals: (field, value) => sql`(body -> ${field}::text)::text = ${storableJson(JSON.stringify(value))}`,
    jsonIsAbsent: (field) => sql`body ->> ${field}::text is null`,
    jsonNumber: (field) => numberOf(field),
    jsonOrder: (field) => [numberOf(field), sql`case when ${numberOf(field)} is null then body ->> ${field}::text end collate "C"`],
    failure: (error) => postgresFailure(error, server),
  };
}

function lockCall(mode: LockMode): RawBuilder<unknown> {
  const key = sql.lit(LOCK_KEY);
  return mode === 'exclusive' ? sql`pg_advisory_xact_lock(${key})` : sql`pg_advisory_xact_lock_shared(${key})`;
}

function typeOf(field: string): RawBuilder<string | null> {
  return sql`json_typeof(body -> ${field}::text)`;
}

function numberOf(field: string): RawBuilder<number | null> {
  return sql`case when ${typeOf(field)} = 'number' then (body ->> ${field}::text)::double precision end`;
}

/** Our error for PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html) or the network's. */
function postgresFailure(error: unknown, { place, isExhausted }: PostgresServer): SelfhealError | undefined {
  if (!(error instanceof Error) || error instanceof SelfhealError) return undefined;
  const options = { where: { database: place }, cause: error };
  const state = sqlState(error);
  if (state === UNIQUE_VIOLATION)
    return new SelfhealError('RECORD_CONFLICT', 'detail' in error ? String(error.detail) : error.message, options);
  if (state === DISK_FULL) return new SelfhealError('STORE_FULL', `the server says: ${error.message}`, options);
  if (state === LOCK_NOT_AVAILABLE || state === DEADLOCK)
    return new SelfhealError('STORE_LOCKED', `the server says: ${error.message}`, options);
  if (state === INSUFFICIENT_PRIVILEGE) return new SelfhealError('STORE_UNWRITABLE', `the server says: ${error.message}`, options);
  if (state === undefined && error.message.startsWith('timeout exceeded when trying to connect') && isExhausted()) {
    return new SelfhealError('STORE_LOCKED', 'other writers of this process hold all connections', options);
  }
  if (isUnreachable(error, state)) return new SelfhealError('STORE_UNREACHABLE', `${place}: ${reason(error)}`, { cause: error });
  return undefined;
}

/** Connection failures, refused logins, missing databases, a server that shuts down or has no slot left. */
function isUnreachable(error: Error, state: string | undefined): boolean {
  if (state !== undefined) return /^(08|28|3D|57P0|53300)/.test(state);
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string')
    return /^(ECONN|ENOTFOUND|EHOST|ENET|ETIMEDOUT|EPIPE|EAI_|ENOENT|EACCES|DEPTH_ZERO|SELF_SIGNED|CERT_|ERR_TLS)/.test(code);
  return /connection (terminated|error)|timeout exceeded when trying to connect|does not support SSL|Connection ended/i.test(error.message);
}

/** Node joins the failures of several addresses in an error without a message of its own. */
function reason(error: Error): string {
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError) return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
  return error.name;
}

/** The SQLSTATE of a server error: five characters, digits and capitals. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return 'severity' in error && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}
