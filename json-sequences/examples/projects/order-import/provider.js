import { once } from 'node:events';
import { createServer } from 'node:http';

/** The provider's orders since its last release: `customer_name` has become `customerName`. */
const ORDERS = [
  { id: 'o-17', customerName: 'Ada Lovelace', total: 19.99, currency: 'EUR' },
  { id: 'o-18', customerName: 'Grace Hopper', total: 5, currency: 'USD' },
  { id: 'o-19', customerName: 'Alan Turing', total: 100.1, currency: 'EUR' },
];

/** Stands in for the provider, on a port of this machine, while `work` is done. */
export async function withProvider(work) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ orders: ORDERS }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(`http://127.0.0.1:${server.address().port}/orders`);
  } finally {
    server.close();
  }
}
