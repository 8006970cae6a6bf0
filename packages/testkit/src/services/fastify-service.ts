import type { Service } from './service.ts';

/** ECMAScript modules in TypeScript, Fastify with its own pino logger, vitest. A code that names no rate makes the quote throw. */
export const fastifyService: Service = {
  files: {
    'package.json': `${JSON.stringify(
      {
        name: 'shipping-quotes',
        version: '0.9.1',
        private: true,
        type: 'module',
        scripts: { start: 'node src/main.ts', test: 'vitest run' },
        dependencies: { fastify: '*' },
        devDependencies: { vitest: '*' },
      },
      null,
      2,
    )}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, allowImportingTsExtensions: true }, include: ['src'] }, null, 2)}\n`,
    'README.md': '# Shipping quotes\n\nWhat a parcel costs, by zone and weight.\n',
    'src/main.ts': `import { buildApp } from './app.ts';

const app = buildApp({ logger: true });
await app.listen({ port: Number(process.env.PORT ?? 3000), host: '0.0.0.0' });
`,
    'src/app.ts': `import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { quoteRoutes } from './quotes/quote-routes.ts';

export function buildApp(options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify(options);
  app.get('/health', async () => ({ ok: true }));
  app.register(quoteRoutes, { prefix: '/quotes' });
  return app;
}
`,
    'src/quotes/quote-routes.ts': `import type { FastifyInstance } from 'fastify';
import { quoteParcel } from './quote-parcel.ts';

interface QuoteBody {
  zone: string;
  grams: number;
}

const body = {
  type: 'object',
  required: ['zone', 'grams'],
  properties: { zone: { type: 'string' }, grams: { type: 'number', exclusiveMinimum: 0 } },
} as const;

export async function quoteRoutes(app: FastifyInstance): Promise<void> {
  app.post<{ Body: QuoteBody }>('/', { schema: { body } }, async (request) => quoteParcel(request.body.zone, request.body.grams));

  app.get<{ Params: { zone: string }; Querystring: { grams?: string } }>('/:zone', async (request, reply) => {
    const grams = Number(request.query.grams ?? 1000);
    if (!Number.isFinite(grams)) return reply.code(400).send({ error: 'grams is not a number' });
    const quote = quoteParcel(request.params.zone, grams);
    if (quote === null) return reply.code(404).send({ error: 'not delivered' });
    return quote;
  });
}
`,
    'src/quotes/rates.ts': `export interface Rate {
  readonly base: number;
  readonly perKilogram: number;
  readonly limit: number;
}

const RATES: ReadonlyMap<string, Rate> = new Map([
  ['domestic', { base: 4, perKilogram: 1, limit: 30_000 }],
  ['europe', { base: 9, perKilogram: 2.5, limit: 20_000 }],
]);

export function findRate(zone: string): Rate {
  return RATES.get(zone) as Rate;
}
`,
    'src/quotes/quote-parcel.ts': `import { findRate } from './rates.ts';

export interface Quote {
  readonly zone: string;
  readonly euros: number;
}

/** What a parcel costs; null where it is too heavy to be delivered. */
export function quoteParcel(zone: string, grams: number): Quote | null {
  const rate = findRate(zone);
  if (grams > rate.limit) return null;
  return { zone, euros: rate.base + Math.ceil(grams / 1000) * rate.perKilogram };
}
`,
    'test/quotes.test.ts': `import { describe, expect, it } from 'vitest';
import { buildApp } from '../src/app.ts';

describe('GET /quotes/:zone', () => {
  it('quotes by weight', async () => {
    const app = buildApp();
    const response = await app.inject({ method: 'GET', url: '/quotes/europe?grams=1500' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ zone: 'europe', euros: 14 });
  });

  it('does not deliver what is too heavy', async () => {
    const response = await buildApp().inject('/quotes/europe?grams=25000');
    expect(response.statusCode).toBe(404);
  });
});
`,
  },
  traffic: `import { buildApp } from './src/app.ts';
const app = buildApp({ logger: true });
const zones = ['domestic', 'europe', 'domestic', 'europe', 'domestic', 'overseas'];
for (let index = 0; index < 72; index += 1) await app.inject({ method: 'GET', url: \`/quotes/\${zones[index % zones.length]}?grams=\${1000 + index}\` });
await app.close();
`,
};
