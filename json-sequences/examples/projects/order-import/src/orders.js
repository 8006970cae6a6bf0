/** An order of the provider as one of ours: amounts are cents. Fails naming what is missing and what is there. */
export function toOrder(record) {
  const name = record.customer_name;
  if (name === undefined) {
    throw new TypeError(`field "customer_name" is missing in order ${record.id}; it has ${Object.keys(record).join(', ')}`);
  }
  return { id: record.id, customer: name.trim(), cents: Math.round(record.total * 100), currency: record.currency };
}

/** Cents by currency. */
export function totals(orders) {
  const sums = {};
  for (const { currency, cents } of orders) sums[currency] = (sums[currency] ?? 0) + cents;
  return sums;
}
