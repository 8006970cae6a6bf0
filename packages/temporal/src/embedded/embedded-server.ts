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

export interface EmbeddedServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Temporal's own web UI. */
  readonly uiUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Settles when the server ends by itself; never rejects. */
  readonly exited: Promise<void>;
}

/**
 * Starts Temporal's dev server on loopback with a database file, so that runs survive a restart and (synchronous=full) a power cut.
 * Its output goes to `temporal.log` in the same folder. Fails with ENGINE_UNREACHABLE when it does not come up.
 */
export async function startEmbeddedServer(options: {
  binary: string;
  dataDir: string;
  namespace: string;
  ui?: boolean;
}): Promise<EmbeddedServer> {
  await mkdir(options.dataDir, { recursive: true });
  const [port, uiPort, httpPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const log = join(options.dataDir, 'temporal.log');
  const child = execa(
    options.binary,
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
      options.namespace,
      '--log-level',
      'warn',
      '--db-filename',
      join(options.dataDir, 'temporal.db'),
      '--sqlite-pragma',
      'synchronous=full',
      ...(options.ui === false ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
      ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    { stdin: 'ignore', stdout: { file: log, append: true }, stderr: { file: log, append: true }, reject: false, cleanup: true },
  );
  let ended = false;
  const exited = child.then(() => {
    ended = true;
  });
  const address = `127.0.0.1:${port}`;
  try {
    await untilReady(address, options.namespace, () => ended);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw new SelfhealError('ENGINE_UNREACHABLE', 'the embedded Temporal server did not come up', {
      where: { log: join(options.dataDir, 'temporal.log') },
      cause: error,
    });
  }
  return {
    address,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM', undefined);
      const forced = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(forced);
    },
  };
}

async function untilReady(address: string, namespace: string, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let last: unknown = new Error('no answer');
  while (Date.now() < deadline && !ended()) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  throw last;
}
