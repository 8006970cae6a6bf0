import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export interface OrdersRepository {
  readonly root: string;
  /** The stack of the failing call as V8 prints it there. */
  readonly stack: string;
  git(...args: string[]): Promise<string>;
}

/**
 * A small repository that is not ours in shape: CommonJS, node:test, pino logs, and an access to a nested value that some production
 * orders do not have. Its own tests pass.
 */
export async function makeOrdersRepository(options: { change?: Record<string, string> } = {}): Promise<OrdersRepository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'selfheal-orders-')));
  for (const [path, text] of Object.entries({ ...FILES, ...options.change })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=team', '-c', 'user.email=team@example.com', ...args], { cwd: root })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'Price and describe orders');
  const failing = `try { require('./lib/label').shippingLabel(${JSON.stringify(GUEST)}) } catch (error) { process.stdout.write(error.stack) }`;
  const { stdout: stack } = await execa(process.execPath, ['-e', failing], { cwd: root });
  return { root, stack, git };
}

/** Lines of the service's pino log. `failing` requests end in the TypeError, the others go well. */
export function ordersLog(options: { stack: string; healthy: number; failing: number; start?: number }): string {
  const start = options.start ?? Date.UTC(2026, 4, 4, 9);
  const lines: string[] = [];
  for (let index = 0; index < Math.max(options.healthy, options.failing); index++) {
    if (index < options.healthy) lines.push(JSON.stringify(healthyRequest(index, start + index * 900)));
    if (index < options.failing) lines.push(JSON.stringify(failingRequest(options.stack, index, start + index * 900 + 300)));
  }
  return `${lines.join('\n')}\n`;
}

const BODY = { id: 'A-17', items: [{ sku: 'tea', price: 4, quantity: 2 }], customer: { name: 'Ada', contact: { city: 'Bergen' } } };

const GUEST = { id: 'B', items: BODY.items, customer: { name: 'Guest' } };

function healthyRequest(index: number, time: number) {
  return {
    level: 30,
    time,
    pid: 7,
    hostname: 'web',
    req: { id: `ok-${index}`, method: 'POST', url: '/orders/label', body: { ...BODY, id: `A-${index}` } },
    res: { statusCode: 200 },
    responseTime: 2 + (index % 5),
    msg: 'request completed',
  };
}

function failingRequest(stack: string, index: number, time: number) {
  const [first = ''] = stack.split('\n');
  const message = first.replace(/^\w+: /, '');
  return {
    level: 50,
    time,
    pid: 7,
    hostname: 'web',
    req: { id: `bad-${index}`, method: 'POST', url: '/orders/label', body: { ...GUEST, id: `B-${index}` } },
    res: { statusCode: 500 },
    responseTime: 3,
    err: { type: 'TypeError', message, stack },
    msg: message,
  };
}

const FILES: Record<string, string> = {
  'package.json': `${JSON.stringify({ name: 'orders', version: '2.3.0', private: true, main: 'lib/server.js', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# Orders\n\nPrices and labels for orders.\n',
  'lib/price.js': `'use strict';

/** The sum of an order in euros, or null where the order holds nothing. */
function orderTotal(order) {
  if (!order.items || order.items.length === 0) return null;
  return order.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
}

module.exports = { orderTotal };
`,
  'lib/label.js': `'use strict';
const { orderTotal } = require('./price');

/** The greeting on a parcel, or null where the customer has no name. */
function greeting(order) {
  if (!order.customer || !order.customer.name) return null;
  return \`Dear \${order.customer.name}\`;
}

/** The text of a shipping label. */
function shippingLabel(order) {
  const city = order.customer.contact.city.toUpperCase();
  return \`\${city} / \${greeting(order)} / \${orderTotal(order)}\`;
}

module.exports = { greeting, shippingLabel };
`,
  'lib/server.js': `'use strict';
const http = require('node:http');
const { shippingLabel } = require('./label');

function createServer(log) {
  return http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      try {
        const body = JSON.parse(text);
        response.end(JSON.stringify({ label: shippingLabel(body) }));
      } catch (err) {
        log.error({ err, req: request }, err.message);
        response.statusCode = 500;
        response.end();
      }
    });
  });
}

module.exports = { createServer };
`,
  'test/label.test.js': `'use strict';
const { test } = require('node:test');
const assert = require('node:assert/strict');
const { greeting, shippingLabel } = require('../lib/label');

test('labels an order', () => {
  const order = { items: [{ price: 4, quantity: 2 }], customer: { name: 'Ada', contact: { city: 'Bergen' } } };
  assert.equal(shippingLabel(order), 'BERGEN / Dear Ada / 8');
});

test('greets nobody without a name', () => {
  assert.equal(greeting({ customer: {} }), null);
});
`,
  'test/price.test.js': `'use strict';
const { test } = require('node:test');
const assert = require('node:assert/strict');
const { orderTotal } = require('../lib/price');

test('sums an order', () => {
  assert.equal(orderTotal({ items: [{ price: 3, quantity: 2 }] }), 6);
  assert.equal(orderTotal({ items: [] }), null);
});
`,
};
