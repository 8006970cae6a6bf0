import { SelfhealError } from '@selfheal/contracts';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, OpenDatabase } from '../database.ts';
import { postgresFlavour, SCHEMA } from './postgres-flavour.ts';

/** Object id of PostgreSQL's type `json`. */
const JSON_OID = 114;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens the database that `databaseUrl` names; connections are made when they are needed. */
export function openPostgres(options: { databaseUrl: string; lockTimeoutMs: number }): OpenDatabase {
  const place = placeOf(options.databaseUrl);
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 8,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'selfheal',
    types: { getTypeParser: (oid, format) => (oid === JSON_OID ? (text: string) => text : pg.types.getTypeParser(oid, format)) },
  });
  // A server that restarts breaks idle connections: without a listener that would end the process; the next query says what is wrong.
  pool.on('error', () => undefined);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }).withSchema(SCHEMA);
  return { flavour: postgresFlavour(place, options.lockTimeoutMs), reader: db, writer: db, close: () => db.destroy() };
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
