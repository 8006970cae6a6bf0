import { NativeConnection } from '@temporalio/worker';
import { type EmbeddedServer, startEmbeddedServer } from '../embedded/embedded-server.ts';
import { EMBEDDED_NAMESPACE } from '../messages/names.ts';
import type { ClusterSettings } from './connect.ts';

export interface ServerSettings {
  readonly dataDir: string;
  /** A cluster; without it the embedded server is started from `binary`. */
  readonly cluster?: ClusterSettings;
  /** Path of the `temporal` program; asked for only when the embedded server is needed. */
  readonly binary: () => Promise<string>;
  readonly ui?: boolean;
  /** Gives up the start of the embedded server. */
  readonly signal?: AbortSignal;
}

/** The cluster that is set, or an embedded server started for it. */
export async function reachCluster(settings: ServerSettings): Promise<{ cluster: ClusterSettings; server: EmbeddedServer | undefined }> {
  if (settings.cluster !== undefined) return { cluster: settings.cluster, server: undefined };
  const server = await startEmbeddedServer({
    binary: await settings.binary(),
    dataDir: settings.dataDir,
    namespace: EMBEDDED_NAMESPACE,
    ...(settings.ui === undefined ? {} : { ui: settings.ui }),
    ...(settings.signal === undefined ? {} : { signal: settings.signal }),
  });
  return { cluster: { address: server.address, namespace: EMBEDDED_NAMESPACE }, server };
}

/** The connection that workers poll through. */
export function connectNative({ address, apiKey, tls }: ClusterSettings): Promise<NativeConnection> {
  return NativeConnection.connect({
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
  });
}
