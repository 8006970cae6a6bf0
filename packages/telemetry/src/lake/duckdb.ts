import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SelfhealError } from '@selfheal/contracts';

/** An in-memory DuckDB that only reads and writes the Parquet files it is told to. */
export interface Duck {
  /** Runs work on a connection of its own: temporary tables of two callers do not meet. */
  with<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Opens DuckDB with a memory cap. What does not fit is spilled to `spillDir`. Extensions are never fetched: what we need
 * (Parquet) is built in, and nothing here may reach the network.
 */
export async function openDuck(options: { spillDir: string; memoryLimitMb: number }): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryLimitMb}MB`,
    threads: '2',
    temp_directory: options.spillDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return {
    async with(work) {
      const connection = await DuckDBConnection.create(instance);
      try {
        return await work(connection);
      } catch (error) {
        throw failureOf(error, options.memoryLimitMb) ?? error;
      } finally {
        connection.closeSync();
      }
    },
    close: () => instance.closeSync(),
  };
}

/** A text as an SQL literal, for the places where DuckDB takes no parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether a file that was to be read was removed before DuckDB opened it. */
export function isFileGone(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file or directory/.test(error.message);
}

function failureOf(error: unknown, memoryLimitMb: number): SelfhealError | undefined {
  if (isNoSpace(error)) return new SelfhealError('STORE_FULL', 'telemetry could not be written', { cause: error });
  if (error instanceof Error && error.message.startsWith('Out of Memory')) {
    return new SelfhealError('LOG_LIMIT', `telemetry needs more than the ${memoryLimitMb} MB that DuckDB may use`, { cause: error });
  }
  return undefined;
}

function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) ||
    /no space left on device|disk quota exceeded/i.test(error.message)
  );
}
