import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface S3Server {
  readonly endpoint: string;
  /** By path: `/bucket/name`. */
  readonly objects: Map<string, Buffer>;
  readonly requests: string[];
  /** What to do with the next requests in place of an answer. */
  mood: 'well' | 'silent' | 'broken';
}

export const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** Speaks the part of S3 that a cache needs, over HTTP, and answers nobody whose signature (version 4) is not right. Ends with the test. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const path = request.url ?? '';
    requests.push(`${request.method} ${path}`);
    if (started.mood === 'silent') return;
    if (started.mood === 'broken') return void response.writeHead(500).end();
    if (!isSigned(request, body)) return void response.writeHead(401).end('<Code>SignatureDoesNotMatch</Code>');
    if (request.method === 'PUT') {
      objects.set(path, body);
      return void response.writeHead(200).end();
    }
    const found = objects.get(path);
    response.writeHead(found === undefined ? 404 : 200).end(request.method === 'HEAD' ? undefined : found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: AddressInfo = addressOf(server.address());
  const started: S3Server = { endpoint: `http://127.0.0.1:${port}`, objects, requests, mood: 'well' };
  return started;
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): AddressInfo {
  if (address === null || typeof address === 'string') throw new TypeError('the server listens on no port');
  return address;
}

/** Signature Version 4, as Amazon documents it for S3: the request as it came, signed anew with the secret, has to give the same. */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const [, day = '', region = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const payload = String(request.headers['x-amz-content-sha256']);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== createHash('sha256').update(body).digest('hex')) return false;
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, request.url, '', headers.join(''), signed, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${KEYS.AWS_SECRET_ACCESS_KEY}`,
  );
  return hmac(key, text).toString('hex') === signature;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
