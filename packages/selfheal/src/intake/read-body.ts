import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { OtlpFault } from '@selfheal/telemetry';

/** `Content-Encoding`s that are understood. */
export const ENCODINGS: readonly string[] = ['gzip', 'deflate', 'identity'];

/** How long the rest of a refused body is read, so that its sender sees the answer instead of a broken connection. */
const DISCARD_MS = 5_000;

export interface BodyLimits {
  /** Of the body as sent, and as inflated. */
  readonly maxBytes: number;
  /** Told of each stretch that came to be held; throws where there is no room for it. */
  readonly hold: (bytes: number) => void;
}

/** The inflated body. Fails with OtlpFault where it is too large, or not what its encoding says. */
export async function readBody(request: IncomingMessage, encoding: string, { maxBytes, hold }: BodyLimits): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const source = encoding === 'identity' ? request : inflated(request, encoding);
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    // Not ended with the loop: a request that is destroyed could not be answered.
    for await (const part of source.iterator({ destroyOnReturn: false })) {
      const chunk: Buffer = part;
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hold(chunk.length);
      parts.push(chunk);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z_|^ERR_ZLIB/.test(String(error.code)))
      throw new OtlpFault('invalid', `the body is no ${encoding}: ${error.message}`);
    throw error;
  } finally {
    if (source !== request) {
      request.unpipe();
      source.destroy();
    }
  }
  return Buffer.concat(parts);
}

/** Reads on without keeping anything, for a while. */
export async function discardBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  const ended = new Promise<void>((resolve) => {
    request
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
  });
  request.resume();
  await Promise.race([ended, sleep(DISCARD_MS, undefined, { ref: false })]);
}

function inflated(request: IncomingMessage, encoding: string) {
  const stream = encoding === 'gzip' ? createGunzip() : createInflate();
  request.on('error', (error) => stream.destroy(error));
  request.on('aborted', () => stream.destroy(new Error('the sender went away')));
  request.pipe(stream);
  return stream;
}

function tooLarge(maxBytes: number): OtlpFault {
  return new OtlpFault('limit', `the body has more than ${maxBytes} bytes`);
}
