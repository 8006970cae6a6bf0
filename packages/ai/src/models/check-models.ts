import { type AiConfig, isSelfhealError } from '@selfheal/contracts';
import { createModelClient } from './create-client.ts';
import { type ModelEndpoint, modelEndpoints } from './endpoints.ts';

export interface ModelHealth {
  readonly model: string;
  readonly healthy: boolean;
  /** For people: that it is reached, or why not. */
  readonly found: string;
}

const TIMEOUT_MS = 5_000;

/** Whether each configured model's server is there and takes its key, without paying for it; and why models are left out. */
export async function checkModels(config: AiConfig, env: NodeJS.ProcessEnv): Promise<{ models: ModelHealth[]; notes: readonly string[] }> {
  const { endpoints, notes } = modelEndpoints(config, env);
  return { models: await Promise.all(endpoints.map(checkModel)), notes };
}

async function checkModel(endpoint: ModelEndpoint): Promise<ModelHealth> {
  try {
    await createModelClient(endpoint, TIMEOUT_MS).check(AbortSignal.timeout(TIMEOUT_MS));
    return { model: endpoint.name, healthy: true, found: 'reached, and takes the key' };
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    // A server that has no list of models is there all the same.
    if (error.where.status === 404 || error.where.status === 405) return { model: endpoint.name, healthy: true, found: 'reached' };
    return { model: endpoint.name, healthy: false, found: `${error.code}: ${error.detail}` };
  }
}
