/**
 * The service that the bench of the recorder loads: an order service on node:http or Fastify that parses, prices and answers. Plain
 * JavaScript, as a watched service is. Usage: service.mjs http|fastify. Tells its port; on a line of input, the processor time it used.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Fastify from 'fastify';

const RATES = { book: 1.07, food: 1.05, toy: 1.19 };

function priceOf(line, rates) {
  return Math.round(line.price * line.count * rates[line.kind].valueOf() * 100) / 100;
}

function labelOf(customer) {
  return `${customer.name.trim()} <${customer.email.toLowerCase()}>`;
}

async function receipt(order) {
  const lines = order.lines.map((line) => ({ ...line, total: priceOf(line, RATES) }));
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  await null; // as a query would
  return { id: order.id, label: labelOf(order.customer), lines, total };
}

async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

async function listenHttp() {
  const server = createServer((request, response) => {
    readJson(request)
      .then(receipt)
      .then((answer) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)))
      .catch((error) => response.writeHead(500).end(error.message));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function listenFastify() {
  const app = Fastify();
  app.post('/orders', (request) => receipt(request.body));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

const port = await (process.argv[2] === 'fastify' ? listenFastify() : listenHttp());
console.log(JSON.stringify({ port }));
createInterface({ input: process.stdin }).on('line', () => {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuMs: (user + system) / 1_000 }));
});
