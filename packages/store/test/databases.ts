import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresCluster, postgresMissing, startPostgres } from '@selfheal/testkit';
import type { StoreOptions } from '../src/open-store.ts';

/** A database that a suite runs on. Each `fresh` gives an empty one of its own. */
export interface TestDatabase {
  /** For the name of the suite; says why where it cannot run here. */
  readonly title: string;
  readonly skipped: boolean;
  readonly name: 'sqlite' | 'postgres';
  start(): Promise<void>;
  fresh(): Promise<StoreOptions>;
  stop(): Promise<void>;
}

/** SQLite in a temporary folder, and a PostgreSQL cluster of our own. */
export function testDatabases(): TestDatabase[] {
  return [sqlite(), postgres()];
}

function sqlite(): TestDatabase {
  const folders: string[] = [];
  return {
    title: 'SQLite',
    name: 'sqlite',
    skipped: false,
    async start() {},
    async fresh() {
      const folder = mkdtempSync(join(tmpdir(), 'selfheal-store-'));
      folders.push(folder);
      return { dataDir: join(folder, 'data') };
    },
    async stop() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postgres(): TestDatabase {
  const missing = postgresMissing();
  let cluster: PostgresCluster | undefined;
  let databases = 0;
  return {
    title: missing === undefined ? 'PostgreSQL' : `PostgreSQL (NOT RUN: ${missing})`,
    name: 'postgres',
    skipped: missing !== undefined,
    async start() {
      cluster = await startPostgres();
    },
    async fresh() {
      if (cluster === undefined) throw new Error('the cluster is not started');
      return { databaseUrl: await cluster.createDatabase(`test_${++databases}`) };
    },
    async stop() {
      await cluster?.stop();
    },
  };
}
