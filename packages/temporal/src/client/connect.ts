import { readFile } from 'node:fs/promises';
import { SelfhealError } from '@selfheal/contracts';
import { Client, type ClientOptions, Connection, type TLSConfig } from '@temporalio/client';

/** How to reach a Temporal cluster: the variables that Temporal's own tools read. */
export interface ClusterSettings {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: TLSConfig | true;
}

/**
 * Reads TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS and TEMPORAL_TLS_CA | _CLIENT_CERT_PATH | _CLIENT_KEY_PATH | _SERVER_NAME.
 * Undefined where no address is set: the embedded server is used then.
 */
export async function clusterFromEnvironment(env: NodeJS.ProcessEnv): Promise<ClusterSettings | undefined> {
  const address = env.TEMPORAL_ADDRESS;
  if (address === undefined || address === '') return undefined;
  const tls = await tlsFromEnvironment(env);
  return {
    address,
    namespace: env.TEMPORAL_NAMESPACE ?? 'default',
    ...(env.TEMPORAL_API_KEY === undefined ? {} : { apiKey: env.TEMPORAL_API_KEY }),
    ...(tls === undefined ? {} : { tls }),
  };
}

async function tlsFromEnvironment(env: NodeJS.ProcessEnv): Promise<TLSConfig | true | undefined> {
  const certificate = await fileOf(env, 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  const key = await fileOf(env, 'TEMPORAL_TLS_CLIENT_KEY_PATH');
  const ca = (await fileOf(env, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH')) ?? (await fileOf(env, 'TEMPORAL_TLS_CA'));
  const serverName = env.TEMPORAL_TLS_SERVER_NAME;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new SelfhealError(
      'CONFIG_INVALID',
      'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together; only one is set',
    );
  }
  if (certificate === undefined && ca === undefined && serverName === undefined) {
    return env.TEMPORAL_TLS === 'true' || env.TEMPORAL_TLS === '1' || env.TEMPORAL_API_KEY !== undefined ? true : undefined;
  }
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(ca === undefined ? {} : { serverRootCACertificate: ca }),
    ...(certificate === undefined || key === undefined ? {} : { clientCertPair: { crt: certificate, key } }),
  };
}

async function fileOf(env: NodeJS.ProcessEnv, name: string): Promise<Buffer | undefined> {
  const path = env[name];
  if (path === undefined || path === '') return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw new SelfhealError('CONFIG_INVALID', `${name} names a file that cannot be read`, { where: { file: path }, cause: error });
  }
}

/** Connects or fails with ENGINE_UNREACHABLE; never hangs, and leaves nothing behind that would keep the process alive. */
export async function connectClient(
  settings: ClusterSettings,
  plugin?: NonNullable<ClientOptions['plugins']>[number],
): Promise<{ client: Client; connection: Connection }> {
  const connection = Connection.lazy({
    address: settings.address,
    connectTimeout: 10_000,
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey }),
    ...(settings.tls === undefined ? {} : { tls: settings.tls }),
  });
  try {
    await connection.ensureConnected();
    return {
      connection,
      client: new Client({ connection, namespace: settings.namespace, ...(plugin === undefined ? {} : { plugins: [plugin] }) }),
    };
  } catch (error) {
    // A channel that nobody closes tries to connect for ever.
    await connection.close();
    throw new SelfhealError('ENGINE_UNREACHABLE', `no answer from ${settings.address}`, {
      where: { namespace: settings.namespace },
      cause: error,
    });
  }
}
