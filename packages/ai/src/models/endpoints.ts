import type { AiConfig, AiModelConfig } from '@selfheal/contracts';
import { type Price, priceOf } from './price-table.ts';

/** A model that can be asked. */
export interface ModelEndpoint extends Omit<AiModelConfig, 'name' | 'keyEnv'> {
  readonly name: string;
  readonly price: Price;
  /** The key is not a property, so that no message, record or dump of this object holds it. */
  key(): string;
}

export interface ModelChoice {
  readonly endpoints: readonly ModelEndpoint[];
  /** Why fewer can be asked than configured, for people. */
  readonly notes: readonly string[];
}

const KEY_VARIABLES = { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY' } as const;
const DEFAULT_MODELS = { anthropic: 'claude-sonnet-5-5', openai: 'gpt-5.1' } as const;
/** Sent to a server of one's own that needs no key; the SDKs insist on one. */
const NO_KEY = 'none';

/** The models that configuration and environment allow, in the order of fallback. Keys are read from the variables that the configuration names. */
export function modelEndpoints(config: AiConfig, env: NodeJS.ProcessEnv): ModelChoice {
  if (!config.enabled) return { endpoints: [], notes: ['models are turned off (ai.enabled)'] };
  const configured = config.models.length > 0 ? config.models : defaultModels(env);
  if (configured.length === 0) {
    return { endpoints: [], notes: [`no model is configured and neither ${Object.values(KEY_VARIABLES).join(' nor ')} is set`] };
  }
  const endpoints: ModelEndpoint[] = [];
  const notes: string[] = [];
  for (const { name, keyEnv, ...model } of configured) {
    const label = name ?? `${model.api}/${model.model}`;
    const variable = keyEnv ?? KEY_VARIABLES[model.api];
    const key = env[variable]?.trim() ?? '';
    if (key === '' && (keyEnv !== undefined || model.baseUrl === undefined)) {
      notes.push(`${label} is not asked: ${variable} is not set`);
      continue;
    }
    // A key of the provider itself is for nobody else: it goes to another server only where the configuration names its variable.
    const sent = model.baseUrl !== undefined && keyEnv === undefined ? NO_KEY : key;
    const { price, known } = priceOf(model.model, config.prices);
    if (!known)
      notes.push(
        `${label} has no known price: the dearest of the table counts ($${price.input} and $${price.output} a million tokens); set ai.prices`,
      );
    endpoints.push({ ...model, name: label, price, key: () => sent });
  }
  return { endpoints, notes };
}

/** Values of all keys, for redaction. */
export function modelKeys(config: AiConfig, env: NodeJS.ProcessEnv): string[] {
  const variables = [...Object.values(KEY_VARIABLES), ...config.models.map(({ keyEnv }) => keyEnv)];
  return variables.flatMap((name) => (name === undefined || !env[name]?.trim() ? [] : [env[name].trim()]));
}

function defaultModels(env: NodeJS.ProcessEnv): AiModelConfig[] {
  const apis = ['anthropic', 'openai'] as const;
  return apis
    .filter((api) => env[KEY_VARIABLES[api]]?.trim())
    .map((api) => ({ api, model: DEFAULT_MODELS[api], maxOutputTokens: 8_000, contextTokens: 128_000, structuredOutput: 'schema' }));
}
