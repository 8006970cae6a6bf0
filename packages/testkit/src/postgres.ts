import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PostgresCluster {
  /** URL of the database `postgres`; the password is `secret`. */
  readonly url: string;
  readonly pid: number;
  /** Creates an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server as an operator would, and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why no cluster can be started here, for the name of a skipped test; undefined where one can. */
export function postgresMissing(): string | undefined {
  if (binaryFolder() === undefined) return 'no postgres and initdb on PATH or in /usr/lib/postgresql';
  if (process.getuid?.() === 0 && unprivilegedUser() === undefined) return 'postgres refuses root, and there is no user to run it as';
  return undefined;
}

/** Starts a private PostgreSQL in a temporary folder, on a free port of 127.0.0.1. It keeps PostgreSQL's own durability settings. */
export async function startPostgres(): Promise<PostgresCluster> {
  const bin = binaryFolder();
  if (bin === undefined) throw new Error(postgresMissing());
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-postgres-'));
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const identity = user ?? {};
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  run('/bin/sh', ['-c', 'umask 077; printf secret > "$0"', passwordFile], folder, identity);
  run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'selfheal', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'],
    folder,
    identity,
  );
  const port = await freePort();
  const psql = (sql: string): number | null =>
    spawnSync(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'selfheal', '-d', 'postgres', '-qc', sql], {
      env: { PGPASSWORD: 'secret' },
    }).status;
  const isReady = (): boolean => psql('select 1') === 0;
  const command = {
    file: join(bin, 'postgres'),
    args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder],
    cwd: folder,
    ...identity,
  };
  let server = await startServer(command, isReady);
  const urlOf = (database: string): string => `postgres://selfheal:secret@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf('postgres'),
    get pid() {
      return server.pid;
    },
    async createDatabase(name) {
      if (psql(`create database "${name}"`) !== 0) throw new Error(`Could not create the database ${name}`);
      return urlOf(name);
    },
    async restart() {
      await server.stop();
      server = await startServer(command, isReady);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Server {
  readonly pid: number;
  stop(): Promise<void>;
}

async function startServer(
  command: { file: string; args: string[]; cwd: string; uid?: number; gid?: number },
  isReady: () => boolean,
): Promise<Server> {
  const { file, args, ...options } = command;
  const server = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  // A test process that ends in the middle must not leave a server behind.
  const killed = (): boolean => server.kill('SIGQUIT');
  process.once('exit', killed);
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => {
    log = `${log}${chunk}`.slice(-20_000);
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    // SIGINT is its fast shutdown: sessions are ended, data is written.
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT');
    await ended;
    process.off('exit', killed);
  };
  const deadline = Date.now() + 60_000;
  while (!isReady()) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
    await sleep(50);
  }
  return { pid: server.pid ?? 0, stop };
}

function binaryFolder(): string | undefined {
  const versions = '/usr/lib/postgresql';
  const installed = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : [];
  const onPath = (process.env.PATH ?? '').split(delimiter);
  return [...installed, ...onPath].find((folder) => ['postgres', 'initdb', 'psql'].every((name) => existsSync(join(folder, name))));
}

/** The user and group that the cluster runs as where we are root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  return undefined;
}

function run(command: string, args: string[], cwd: string, identity: { uid?: number; gid?: number }): void {
  const result = spawnSync(command, args, { ...identity, cwd, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  if (result.status !== 0) throw new Error(`${command} failed: ${result.error?.message ?? result.stderr}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
