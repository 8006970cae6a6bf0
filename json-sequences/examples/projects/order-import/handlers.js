import { withProvider } from './provider.js';
import { toOrder, totals } from './src/orders.js';

/** Orders of the provider at `url`; without one, of a stand-in on this machine. */
async function fetchOrders({ url }) {
  const fetchFrom = async (address) => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the provider answered HTTP ${response.status}`);
    return response.json();
  };
  const { orders } = await (url === undefined ? withProvider(fetchFrom) : fetchFrom(url));
  return { records: orders };
}

function mapOrders({ records }) {
  return { orders: records.map(toOrder) };
}

function sumOrders({ orders }) {
  return { totals: totals(orders) };
}

export default { name: 'order-import', handlers: { fetchOrders, mapOrders, sumOrders } };
