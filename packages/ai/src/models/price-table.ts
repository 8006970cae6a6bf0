import type { AiConfig } from '@selfheal/contracts';

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** When the prices below were read from the providers' public price lists. Prices change: `ai.prices` in the configuration is laid over them. */
export const PRICES_AS_OF = '2026-11-21';

const PRICES: Readonly<Record<string, Price>> = {
  'claude-fable-5-1': { input: 10, output: 50 },
  'claude-opus-5-5': { input: 4, output: 20 },
  'claude-opus-5': { input: 5, output: 25 },
  'claude-sonnet-5-5': { input: 2, output: 10 },
  'claude-sonnet-4-5': { input: 3, output: 15 },
  'gpt-5.4': { input: 2.5, output: 15 },
  'gpt-5.1': { input: 1.25, output: 10 },
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
};

/** The dearest price of the table: what a model costs that is not in it, so that a limit holds whatever it really costs less. */
const UNKNOWN: Price = {
  input: Math.max(...Object.values(PRICES).map(({ input }) => input)),
  output: Math.max(...Object.values(PRICES).map(({ output }) => output)),
};

/** The price of a model; a dated name (`gpt-5-2025-08-07`) has that of its family. `known` is false where nothing is said about it. */
export function priceOf(model: string, overrides: AiConfig['prices']): { price: Price; known: boolean } {
  for (const table of [overrides, PRICES]) {
    for (const name of [model, model.replace(/-(?:\d{8}|\d{4}-\d\d-\d\d)$/, '')]) {
      const price = Object.hasOwn(table, name) ? table[name] : undefined;
      if (price !== undefined) return { price, known: true };
    }
  }
  return { price: UNKNOWN, known: false };
}

export function costOf(price: Price, inputTokens: number, outputTokens: number): number {
  return (price.input * inputTokens + price.output * outputTokens) / 1_000_000;
}
