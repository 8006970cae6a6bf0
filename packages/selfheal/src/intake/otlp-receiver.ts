import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type SelfhealConfig, SelfhealError } from '@selfheal/contracts';
import { exportResponse, type ReadExport, type Signal } from '@selfheal/telemetry';
import { answerForm, formOf, Refusal, refusalOf, refuse, send, shuttingDown, tooMuchUnderWay } from './otlp-answer.ts';
import type { OtlpTask } from './otlp-task.ts';
import { discardBody, readBody } from './read-body.ts';

export interface ReceiverOptions {
  readonly config: SelfhealConfig['intake']['otlp'];
  /** Takes a request apart; fails with OtlpFault where it cannot be taken. */
  readonly read: (task: OtlpTask) => Promise<ReadExport>;
  /** Resolves when the lines are on disk. */
  readonly take: (lines: ReadExport['lines']) => Promise<void>;
}

export interface OtlpReceiver {
  /** Without the path of a signal. */
  readonly url: string;
  /** Answers what is under way, then ends. */
  close(): Promise<void>;
}

/** Where senders deliver to unless they are told otherwise. */
export const DEFAULT_OTLP_PORT = 4318;
const PATHS: Readonly<Record<string, Signal>> = { '/v1/logs': 'logs', '/v1/traces': 'traces', '/v1/metrics': 'metrics' };
const REQUEST_MS = 60_000;
const DRAIN_MS = 10_000;
const MAX_CONNECTIONS = 1_024;

/**
 * Receives OTLP over HTTP, as https://opentelemetry.io/docs/specs/otlp/ has it: a request is answered with 200 only when what it holds is on
 * disk. Undefined where the usual port is in use and none was asked for; fails with INTAKE_PORT where the port that was cannot be had.
 */
export async function openOtlpReceiver(options: ReceiverOptions): Promise<OtlpReceiver | undefined> {
  const { host, port } = options.config;
  const state = { closing: false, held: 0 };
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    void respond(request, response, options, state);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const failure = await listen(server, host, port ?? DEFAULT_OTLP_PORT);
  if (failure !== undefined) {
    if (port === undefined && failure.code === 'EADDRINUSE') return undefined;
    throw new SelfhealError('INTAKE_PORT', failure.message, { where: { address: `${host}:${port ?? DEFAULT_OTLP_PORT}` }, cause: failure });
  }
  return {
    url: urlOf(server, host),
    async close() {
      state.closing = true;
      await drain(server);
    },
  };
}

interface State {
  closing: boolean;
  /** Inflated bytes of all requests under way. */
  held: number;
}

async function respond(request: IncomingMessage, response: ServerResponse, options: ReceiverOptions, state: State): Promise<void> {
  let own = 0;
  const hold = (bytes: number) => {
    if (state.held + bytes > options.config.maxInFlightBytes) throw tooMuchUnderWay();
    state.held += bytes;
    own += bytes;
  };
  try {
    const signal = signalOf(request, state);
    const { encoding, compression } = formOf(request.headers);
    const body = await readBody(request, compression, { maxBytes: options.config.maxBodyBytes, hold });
    const { lines, rejected, message } = await options.read({ signal, encoding, body });
    await options.take(lines);
    const headers = state.closing ? { connection: 'close' } : {};
    send(response, encoding, { status: 200, body: exportResponse(signal, encoding, { rejected, message }), headers });
  } catch (error) {
    await discardBody(request);
    // Nobody is there to be answered where the sender went away.
    if (!response.destroyed) refuse(response, answerForm(request.headers), refusalOf(error));
  } finally {
    state.held -= own;
  }
}

/** Refuses what is no delivery. A browser names the page that a request comes from: no page has business here. */
function signalOf(request: IncomingMessage, state: State): Signal {
  const signal = PATHS[(request.url ?? '').split('?', 1)[0] ?? ''];
  if (signal === undefined) throw new Refusal(404, 5, `deliver to ${Object.keys(PATHS).join(', ')}`);
  if (request.method !== 'POST') throw new Refusal(405, 12, 'deliver with POST', { allow: 'POST' });
  if (request.headers.origin !== undefined) throw new Refusal(403, 3, 'requests of web pages are not taken');
  if (state.closing) throw shuttingDown();
  return signal;
}

async function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return await new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(late);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
