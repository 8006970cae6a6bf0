import { SelfhealError } from '@selfheal/contracts';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, OpenDatabase } from '../database.ts';
import { postgresFlavour, SCHEMA } from './postgres-flavour.ts';

/** Object id of PostgreSQL's type `json`. */
const JSON_OID = 114;
const CONNECT_TIMEOUT_MS = 10_000;

/** Connections of each pool. */
const POOL_SIZE = 6;

/**
 * Opens the database that `databaseUrl` names; connections are made when they are needed. Readers have a pool of their own, so
 * that writers which wait for each other never keep them waiting.
 */
export function openPostgres(options: { databaseUrl: string; lockTimeoutMs: number }): OpenDatabase {
  const place = placeOf(options.databaseUrl);
  const readers = openPool(options.databaseUrl, CONNECT_TIMEOUT_MS);
  const writers = openPool(options.databaseUrl, Math.max(CONNECT_TIMEOUT_MS, options.lockTimeoutMs));
  const reader = new Kysely<Database>({ dialect: new PostgresDialect({ pool: readers }) });
  const writer = new Kysely<Database>({ dialect: new PostgresDialect({ pool: writers }) });
  const isExhausted = (): boolean => readers.totalCount === POOL_SIZE || writers.totalCount === POOL_SIZE;
  return {
    flavour: postgresFlavour({ place, lockTimeoutMs: options.lockTimeoutMs, isExhausted }),
    reader: reader.withSchema(SCHEMA),
    writer: writer.withSchema(SCHEMA),
    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

function openPool(connectionString: string, connectionTimeoutMillis: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    connectionTimeoutMillis,
    max: POOL_SIZE,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'selfheal',
    types: { getTypeParser: (oid, format) => (oid === JSON_OID ? (text: string) => text : pg.types.getTypeParser(oid, format)) },
  });
  // A server that restarts breaks idle connections: without a listener that would end the process; the next query says what is wrong.
  pool.on('error', () => undefined);
  return pool;
}

/** Host, port and database of a connection URL, without user and password. */
function placeOf(databaseUrl: string): string {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new SelfhealError('CONFIG_INVALID', 'DATABASE_URL must begin with postgres:// or postgresql://');
  }
  if (!URL.canParse(databaseUrl))
    throw new SelfhealError('CONFIG_INVALID', 'DATABASE_URL is not a URL; encode special characters of the password');
  const url = new URL(databaseUrl);
  const host = url.searchParams.get('host') ?? (url.hostname === '' ? 'localhost' : decodeURIComponent(url.hostname));
  const port = url.searchParams.get('port') ?? (url.port === '' ? '5432' : url.port);
  return `${host}:${port}${url.pathname}`;
}
