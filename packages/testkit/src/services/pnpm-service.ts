import { installAsPnpm } from './pnpm-layout.ts';
import type { Service } from './service.ts';

const manifest = (fields: object) => `${JSON.stringify(fields, null, 2)}\n`;

/**
 * A pnpm workspace: an API in JavaScript on Hono with pino, and a package in TypeScript that it takes prices from, each tested by its own
 * script. A basket without lines makes the second throw.
 */
export const pnpmService: Service = {
  files: {
    'package.json': manifest({ name: 'shop', private: true, packageManager: 'pnpm@10.0.0', scripts: { test: 'pnpm -r test' } }),
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
    'README.md': '# Shop\n\nThe API of the shop and the packages that it is made of.\n',
    'tsconfig.json': manifest({ files: [], references: [{ path: 'packages/pricing' }] }),
    'packages/pricing/package.json': manifest({
      name: '@shop/pricing',
      version: '2.0.3',
      private: true,
      type: 'module',
      exports: './src/index.ts',
      scripts: { test: "node --test 'src/**/*.test.ts'" },
    }),
    'packages/pricing/tsconfig.json': manifest({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        composite: true,
        emitDeclarationOnly: true,
        allowImportingTsExtensions: true,
      },
      include: ['src'],
    }),
    'packages/pricing/src/index.ts': `export { type Basket, basketTotal, type Line } from './basket-total.ts';
export { cheapestLine } from './cheapest-line.ts';
`,
    'packages/pricing/src/basket-total.ts': `export interface Line {
  sku: string;
  price: number;
  quantity: number;
}

export interface Basket {
  id: string;
  lines: Line[];
}

/** The sum of a basket in euros. */
export function basketTotal(basket: Basket): number {
  return basket.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}
`,
    'packages/pricing/src/cheapest-line.ts': `import type { Basket } from './basket-total.ts';

/** The article of the cheapest line, or null where none is sold by the piece. */
export function cheapestLine(basket: Basket): string | null {
  const sold = basket.lines.filter((line) => line.quantity > 0);
  const [first] = sold.sort((a, b) => a.price - b.price) as [Basket['lines'][number]];
  if (first.sku.startsWith('gift-')) return null;
  return first.sku;
}
`,
    'packages/pricing/src/basket-total.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basketTotal } from './basket-total.ts';
import { cheapestLine } from './cheapest-line.ts';

const basket = { id: 'b1', lines: [{ sku: 'tea', price: 4, quantity: 2 }, { sku: 'cup', price: 7, quantity: 1 }] };

test('sums the lines', () => {
  assert.equal(basketTotal(basket), 15);
});

test('finds the cheapest line', () => {
  assert.equal(cheapestLine(basket), 'tea');
});
`,
    'apps/api/package.json': manifest({
      name: '@shop/api',
      version: '5.1.0',
      private: true,
      type: 'module',
      scripts: { start: 'node src/main.js', test: 'node --test' },
      dependencies: { '@shop/pricing': 'workspace:*', hono: '*', pino: '*' },
    }),
    'apps/api/src/app.js': `import { basketTotal, cheapestLine } from '@shop/pricing';
import { Hono } from 'hono';
import { findBasket } from './baskets.js';

export function createApp(log) {
  const app = new Hono();

  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    if (c.res.status < 500)
      log.info({ req: { method: c.req.method, url: c.req.path }, res: { statusCode: c.res.status }, responseTime: performance.now() - start }, 'request completed');
  });

  app.onError((err, c) => {
    log.error({ err, req: { method: c.req.method, url: c.req.path }, res: { statusCode: 500 } }, err.message);
    return c.json({ error: 'internal error' }, 500);
  });

  app.get('/baskets/:id', (c) => {
    const basket = findBasket(c.req.param('id'));
    if (!basket) return c.json({ error: 'no such basket' }, 404);
    return c.json({ ...basket, total: basketTotal(basket) });
  });

  app.get('/baskets/:id/offer', (c) => {
    const basket = findBasket(c.req.param('id'));
    if (!basket) return c.json({ error: 'no such basket' }, 404);
    return c.json({ free: cheapestLine(basket) });
  });

  return app;
}
`,
    'apps/api/src/baskets.js': `const baskets = new Map([
  ['7', { id: '7', lines: [{ sku: 'tea', price: 4, quantity: 2 }, { sku: 'cup', price: 7, quantity: 1 }] }],
  ['8', { id: '8', lines: [{ sku: 'gift-card', price: 1, quantity: 1 }] }],
  ['9', { id: '9', lines: [] }],
]);

export function findBasket(id) {
  return baskets.get(id);
}
`,
    'apps/api/src/main.js': `import { createServer } from 'node:http';
import pino from 'pino';
import { createApp } from './app.js';

const app = createApp(pino());
createServer(async (request, response) => {
  const answer = await app.request(request.url, { method: request.method });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
}).listen(process.env.PORT ?? 3000);
`,
    'apps/api/test/baskets.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createApp } from '../src/app.js';

test('gives a basket with its total', async () => {
  const response = await createApp(pino({ level: 'silent' })).request('/baskets/7');
  assert.equal(response.status, 200);
  assert.equal((await response.json()).total, 15);
});
`,
  },
  traffic: `import { createRequire } from 'node:module';
const require = createRequire(new URL('./apps/api/package.json', import.meta.url));
const pino = require('pino');
const { createApp } = await import('./apps/api/src/app.js');
const app = createApp(pino(pino.destination({ sync: true })));
const ids = ['7', '8', '7', '8', '7', '9'];
for (let index = 0; index < 72; index += 1) await app.request(\`/baskets/\${ids[index % ids.length]}/offer\`);
`,
  install: (root) => installAsPnpm(root, { 'apps/api': { '@shop/pricing': 'packages/pricing', hono: true, pino: true } }),
};
