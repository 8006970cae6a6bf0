import { Agent, request } from 'node:http';

const CONNECTIONS = 16;
const ORDER = {
  id: 'o-1',
  customer: { name: ' Ada Lovelace ', email: 'Ada@Example.com' },
  lines: Array.from({ length: 8 }, (_, index) => ({ sku: `sku-${index}`, kind: ['book', 'food', 'toy'][index % 3], price: 9.5, count: 2 })),
};
const GOOD = JSON.stringify(ORDER);
const BAD = JSON.stringify({ ...ORDER, customer: { name: null, email: 'a@example.com' } });

/** Sends orders over kept connections as fast as they are answered. */
export class Load {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #port: number;
  /** One order in so many makes the service fail; 0 for none. */
  readonly #failEvery: number;
  #sent = 0;

  constructor(port: number, failEvery: number) {
    this.#port = port;
    this.#failEvery = failEvery;
  }

  /** Requests answered in `ms`. */
  async run(ms: number): Promise<number> {
    const until = performance.now() + ms;
    let answered = 0;
    const one = async (): Promise<void> => {
      while (performance.now() < until) {
        await this.#send();
        answered += 1;
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
    return answered;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(): Promise<void> {
    this.#sent += 1;
    const body = this.#failEvery > 0 && this.#sent % this.#failEvery === 0 ? BAD : GOOD;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const options = { port: this.#port, host: '127.0.0.1', path: '/orders', method: 'POST', agent: this.#agent, headers };
      const sent = request(options, (response) => {
        response.resume();
        response.once('end', resolve);
        response.once('error', reject);
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }
}
