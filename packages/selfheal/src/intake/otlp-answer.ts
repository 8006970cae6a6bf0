import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { isSelfhealError } from '@selfheal/contracts';
import { type OtlpEncoding, OtlpFault, type RpcCode, statusBody } from '@selfheal/telemetry';
import { ENCODINGS } from './read-body.ts';

export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<OtlpEncoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** An answer of the receiver that is no 200. `retryAfter` in seconds: the sender may try again then. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RpcCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: RpcCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const tooMuchUnderWay = () => new Refusal(429, 8, 'too much is under way', { 'retry-after': '1' });
export const shuttingDown = () => new Refusal(503, 14, 'the receiver is shutting down', { 'retry-after': '5', connection: 'close' });

/** What a sender is told of an error: whether to try again, when, and why. Text of the data is never in it. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof OtlpFault) return new Refusal(error.kind === 'limit' ? 413 : 400, error.kind === 'limit' ? 8 : 3, error.message);
  if (isSelfhealError(error) && error.code === 'INTAKE_FULL')
    return new Refusal(503, 8, 'more is delivered than is read', { 'retry-after': '5' });
  if (isSelfhealError(error) && error.code === 'STORE_FULL') return new Refusal(503, 8, 'the disk is full', { 'retry-after': '30' });
  return new Refusal(503, 14, 'the data could not be stored', { 'retry-after': '30' });
}

/** How the body of a request is written, by its headers; that of an answer is alike. */
export function formOf(headers: IncomingHttpHeaders): { encoding: OtlpEncoding; compression: string } {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const encoding = type === TYPES.json ? 'json' : type === TYPES.protobuf ? 'protobuf' : undefined;
  if (encoding === undefined)
    throw new Refusal(415, 3, `content-type must be ${TYPES.protobuf} or ${TYPES.json}`, { accept: Object.values(TYPES).join(', ') });
  const compression = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!ENCODINGS.includes(compression))
    throw new Refusal(415, 3, `content-encoding must be one of ${ENCODINGS.join(', ')}`, { 'accept-encoding': ENCODINGS.join(', ') });
  return { encoding, compression };
}

/** JSON where the sender wrote something else than protobuf: people read it. */
export function answerForm(headers: IncomingHttpHeaders): OtlpEncoding {
  return (headers['content-type'] ?? '').includes('protobuf') ? 'protobuf' : 'json';
}

export function send(response: ServerResponse, encoding: OtlpEncoding, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': TYPES[encoding], 'content-length': String(body.length) });
  response.end(body);
}

export function refuse(response: ServerResponse, encoding: OtlpEncoding, { status, code, message, headers }: Refusal): void {
  send(response, encoding, { status, body: statusBody(encoding, code, message), headers });
}
