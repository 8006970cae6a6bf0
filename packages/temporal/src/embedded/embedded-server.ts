import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import { SEARCH_ATTRIBUTES } from '../messages/names.ts';
import { freePort } from './free-port.ts';

const READY_MS = 30_000;
const POLL_MS = 50;
const STOP_MS = 10_000;
const STARTS = 3;
const MOST_READS_PER_SECOND = 5_000;

export interface EmbeddedServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Temporal's own web UI. */
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it at once: what it has acknowledged is in its database file. */
  kill(): Promise<void>;
  /** Settles when the server ends by itself; never rejects. */
  readonly exited: Promise<void>;
}

interface EmbeddedSettings {
  readonly binary: string;
  readonly dataDir: string;
  readonly namespace: string;
  readonly ui?: boolean;
  /** Where it is to listen, as the one before it did; default: any free port. */
  readonly port?: number;
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/**
 * Starts Temporal's dev server on loopback with a database file, so that runs survive a restart and (synchronous=full) a power cut.
 * Its output goes to `temporal.log` in the same folder. Another process may take a port between its choice and the server's
 * start, so a server that ends at once is started again on other ports. Fails with ENGINE_UNREACHABLE when it does not come up.
 */
export async function startEmbeddedServer(settings: EmbeddedSettings): Promise<EmbeddedServer> {
  await mkdir(settings.dataDir, { recursive: true });
  const deadline = Date.now() + READY_MS;
  for (let start = 1; ; start++) {
    const server = await spawnServer(settings);
    try {
      await untilReady(server, settings, deadline);
      return server;
    } catch (error) {
      await (settings.signal?.aborted === true ? server.kill() : server.stop());
      settings.signal?.throwIfAborted();
      if (!(error instanceof EndedEarly) || start === STARTS)
        throw new SelfhealError('ENGINE_UNREACHABLE', 'the embedded Temporal server did not come up', {
          where: { log: join(settings.dataDir, 'temporal.log') },
          cause: error,
        });
    }
  }
}

async function spawnServer(settings: EmbeddedSettings): Promise<EmbeddedServer> {
  const [port, uiPort, httpPort] = await Promise.all([settings.port ?? freePort(), freePort(), freePort()]);
  const log = join(settings.dataDir, 'temporal.log');
  const child = execa(
    settings.binary,
    [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--http-port',
      String(httpPort),
      '--namespace',
      settings.namespace,
      '--log-level',
      'warn',
      '--db-filename',
      join(settings.dataDir, 'temporal.db'),
      '--sqlite-pragma',
      'synchronous=full',
      // The server reads the tasks of its queues from the database 20 times a second and no more, unless told otherwise: with one shard,
      // every step of every workflow then waits up to 50 ms for its turn.
      '--dynamic-config-value',
      `history.transferProcessorMaxPollRPS=${MOST_READS_PER_SECOND}`,
      ...(settings.ui === false ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
      ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    {
      stdin: 'ignore',
      stdout: { file: log, append: true },
      stderr: { file: log, append: true },
      reject: false,
      cleanup: true,
      // Go keeps as much garbage as live data unless told otherwise; at rest a smaller heap is worth its few collections.
      env: { GOGC: process.env.GOGC ?? '40' },
    },
  );
  const exited = child.then(() => undefined);
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    pid: child.pid ?? 0,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM', undefined);
      const forced = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(forced);
    },
  };
}

class EndedEarly extends Error {}

/** Another program's server may answer on a port that it took first, so a server that has ended is never ready. */
async function untilReady(server: EmbeddedServer, { namespace, signal }: EmbeddedSettings, deadline: number): Promise<void> {
  let ended = false;
  void server.exited.then(() => {
    ended = true;
  });
  let last: unknown = new Error('no answer');
  while (Date.now() < deadline) {
    const failure = await refusal(server.address, namespace);
    if (ended) throw new EndedEarly('it ended before it was ready');
    signal?.throwIfAborted();
    if (failure === undefined) return;
    last = failure;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw last;
}

/** Why the server does not answer yet; undefined when it does. */
async function refusal(address: string, namespace: string): Promise<unknown> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return undefined;
    } finally {
      await connection.close();
    }
  } catch (error) {
    return error;
  }
}
