import { SelfhealError } from '@selfheal/contracts/errors';
import type { ObjectStore } from './object-store.ts';

export interface S3Place {
  readonly bucket: string;
  /** Before every name, without a slash at its ends. */
  readonly prefix: string;
  /** Of a store that is not Amazon's; the bucket is then part of the path. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
}

/** Answers that say that there is no such object: without the right to list, Amazon says 403 for that. */
const NOT_THERE = new Set([403, 404]);

/**
 * An S3-compatible bucket, by the variables that Amazon's own tools read: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
 * AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL. No message of an error holds one of them. Fails with CONFIG_INVALID where there are no
 * credentials, or the endpoint is no address.
 */
export async function openS3Store(place: S3Place, env: Readonly<NodeJS.ProcessEnv>): Promise<ObjectStore> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new SelfhealError('CONFIG_INVALID', 'build.sharedCache needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  const region = place.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const base = baseOf(place, region, env);
  // A build without a shared cache does without the signer.
  const { AwsClient } = await import('aws4fetch');
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: 's3',
    region,
    // A build has something better to do than to wait.
    retries: 1,
    initRetryMs: 100,
  });
  const ask = async (name: string, init: RequestInit): Promise<Response> => {
    const signal = AbortSignal.timeout(place.timeoutMs);
    try {
      return await client.fetch(`${base}/${name}`, { ...init, signal, redirect: 'error' });
    } catch (error) {
      throw new Error(signal.aborted ? `${init.method} took longer than ${place.timeoutMs} ms` : `${init.method}: ${reasonOf(error)}`);
    }
  };
  return {
    get: async (name) => {
      const answer = await ask(name, { method: 'GET' });
      if (answer.ok) return Buffer.from(await answer.arrayBuffer());
      await answer.body?.cancel();
      if (NOT_THERE.has(answer.status)) return undefined;
      throw new Error(`GET was answered with ${answer.status}`);
    },
    has: async (name) => {
      const { ok, status } = await ask(name, { method: 'HEAD' });
      if (ok || NOT_THERE.has(status)) return ok;
      throw new Error(`HEAD was answered with ${status}`);
    },
    put: async (name, bytes) => {
      const answer = await ask(name, { method: 'PUT', body: new Uint8Array(bytes) });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`PUT was answered with ${answer.status}`);
    },
  };
}

function baseOf({ bucket, prefix, endpoint }: S3Place, region: string, env: Readonly<NodeJS.ProcessEnv>): string {
  const own = endpoint ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const base = own === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${own.replace(/\/+$/, '')}/${bucket}`;
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new SelfhealError('CONFIG_INVALID', `the endpoint of build.sharedCache is no http address: ${base}`);
  return prefix === '' ? base : `${base}/${prefix.split('/').map(encodeURIComponent).join('/')}`;
}

/** fetch tells why in the cause: `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
