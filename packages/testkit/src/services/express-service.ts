import type { Service } from './service.ts';

/** CommonJS, Express, winston, mocha with supertest. Orders without a billing address make the invoice throw. */
export const expressService: Service = {
  files: {
    'package.json': `${JSON.stringify(
      {
        name: 'invoices',
        version: '1.8.2',
        private: true,
        main: 'src/server.js',
        scripts: { start: 'node src/server.js', test: 'mocha --recursive' },
        dependencies: { express: '*', winston: '*' },
        devDependencies: { mocha: '*', supertest: '*' },
      },
      null,
      2,
    )}\n`,
    'README.md': '# Invoices\n\nInvoices of the shop over HTTP.\n',
    'src/server.js': `'use strict';
const { createApp } = require('./app');
const { createLogger } = require('./logger');

const logger = createLogger();
createApp({ logger }).listen(process.env.PORT || 3000, () => logger.info('listening'));
`,
    'src/logger.js': `'use strict';
const { createLogger: winstonLogger, format, transports } = require('winston');

function createLogger() {
  return winstonLogger({
    level: process.env.NODE_ENV === 'test' ? 'silent' : 'info',
    format: format.combine(format.timestamp(), format.errors({ stack: true }), format.json()),
    defaultMeta: { service: 'invoices' },
    transports: [new transports.Console()],
  });
}

module.exports = { createLogger };
`,
    'src/app.js': `'use strict';
const express = require('express');
const { createLogger } = require('./logger');
const { invoiceRoutes } = require('./routes/invoices');

function createApp({ logger = createLogger() } = {}) {
  const app = express();
  app.use(express.json());
  app.use((req, res, next) => {
    const start = process.hrtime.bigint();
    res.on('finish', () => {
      if (res.statusCode >= 500) return;
      const responseTime = Number(process.hrtime.bigint() - start) / 1e6;
      logger.info('request completed', { req: { method: req.method, url: req.originalUrl }, res: { statusCode: res.statusCode }, responseTime });
    });
    next();
  });
  app.use('/orders', invoiceRoutes());
  app.use((err, req, res, next) => {
    logger.error(err.message, { stack: err.stack, req: { method: req.method, url: req.originalUrl }, res: { statusCode: 500 } });
    res.status(500).json({ error: 'internal error' });
  });
  return app;
}

module.exports = { createApp };
`,
    'src/routes/invoices.js': `'use strict';
const { Router } = require('express');
const { findOrder } = require('../orders');
const { buildInvoice } = require('../invoice');

function invoiceRoutes() {
  const router = Router();

  router.get('/:id', (req, res) => {
    const order = findOrder(req.params.id);
    if (!order) return res.status(404).json({ error: 'order not found' });
    res.json(order);
  });

  router.get('/:id/invoice', (req, res) => {
    const order = findOrder(req.params.id);
    if (!order) return res.status(404).json({ error: 'order not found' });
    res.json(buildInvoice(order, req.query.currency));
  });

  return router;
}

module.exports = { invoiceRoutes };
`,
    'src/orders.js': `'use strict';

const orders = new Map([
  ['1001', { id: '1001', customer: 'Ada', billing: { country: 'no', city: 'Bergen' }, lines: [{ sku: 'tea', price: 4, quantity: 2 }] }],
  ['1002', { id: '1002', customer: 'Grace', billing: { country: 'us', city: 'New York' }, lines: [{ sku: 'pot', price: 25, quantity: 1 }] }],
  ['1003', { id: '1003', customer: 'Edsger', lines: [{ sku: 'cup', price: 7, quantity: 4 }] }],
]);

function findOrder(id) {
  return orders.get(id);
}

module.exports = { findOrder };
`,
    'src/invoice.js': `'use strict';

const RATES = { EUR: 1, NOK: 11.5, USD: 1.1 };

/** The sum of the lines in a currency; null for a currency that is not sold in. */
function total(lines, currency = 'EUR') {
  const rate = RATES[currency];
  if (rate === undefined) return null;
  return lines.reduce((sum, line) => sum + line.price * line.quantity, 0) * rate;
}

/** Country code of the address that an invoice goes to. */
function billingCountry(order) {
  return order.billing.country.toUpperCase();
}

/** What is printed on an invoice. */
function buildInvoice(order, currency) {
  return { order: order.id, to: order.customer, country: billingCountry(order), total: total(order.lines, currency) };
}

module.exports = { billingCountry, buildInvoice, total };
`,
    'test/invoices.test.js': `'use strict';
const assert = require('node:assert/strict');
const request = require('supertest');
const { createApp } = require('../src/app');

describe('GET /orders/:id/invoice', () => {
  it('gives the invoice of an order', async () => {
    const response = await request(createApp()).get('/orders/1001/invoice?currency=NOK');
    assert.equal(response.status, 200);
    assert.deepEqual(response.body, { order: '1001', to: 'Ada', country: 'NO', total: 92 });
  });

  it('knows no other orders', async () => {
    const response = await request(createApp()).get('/orders/9/invoice');
    assert.equal(response.status, 404);
  });
});
`,
    'test/invoice.test.js': `'use strict';
const assert = require('node:assert/strict');
const { total } = require('../src/invoice');

describe('total', () => {
  it('sums the lines', () => {
    assert.equal(total([{ price: 4, quantity: 2 }], 'NOK'), 92);
  });

  it('is nothing in a currency that is not sold in', () => {
    assert.equal(total([{ price: 4, quantity: 2 }], 'XXX'), null);
  });
});
`,
  },
  traffic: `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { createApp } = require('./src/app');
const server = createApp().listen(0);
const { port } = server.address();
const ids = ['1001', '1002', '1001', '1002', '1001', '1003'];
for (let index = 0; index < 72; index += 1) {
  const id = ids[index % ids.length];
  await fetch(\`http://127.0.0.1:\${port}/orders/\${id}/invoice?currency=\${index % 2 ? 'NOK' : 'EUR'}\`);
}
server.close();
`,
};
