const RATES = { standard: 0.19, reduced: 0.07, none: 0 };

/** Cents of one line, with the discount of its quantity. */
function lineTotal({ price, quantity }) {
  if (quantity <= 0) return 0;
  const off = quantity >= 100 ? 0.1 : quantity >= 10 ? 0.05 : 0;
  return Math.round(price * quantity * (1 - off));
}

function taxOf(line) {
  const rate = RATES[line.rate] ?? RATES.standard;
  return Math.round(lineTotal(line) * rate);
}

/** Cents of a basket: net, tax by rate, shipping, total. */
function totals(lines, { shipping = 490, freeFrom = 5000 } = {}) {
  let net = 0;
  const tax = {};
  for (const line of lines) {
    net += lineTotal(line);
    tax[line.rate] = (tax[line.rate] ?? 0) + taxOf(line);
  }
  const sent = net >= freeFrom || lines.length === 0 ? 0 : shipping;
  const taxes = Object.values(tax).reduce((sum, one) => sum + one, 0);
  return { net, tax, shipping: sent, total: net + taxes + sent };
}

/** Lines of one article put together, in the order in which they came. */
function merge(lines) {
  const byArticle = new Map();
  for (const line of lines) {
    const known = byArticle.get(line.article);
    if (known === undefined) byArticle.set(line.article, { ...line });
    else known.quantity += line.quantity;
  }
  return [...byArticle.values()].filter(({ quantity }) => quantity > 0);
}

/** Parts of an amount by weights, in whole cents; the rest goes to the first ones. */
function split(cents, weights) {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  const parts = weights.map((weight) => Math.floor((cents * weight) / sum));
  let rest = cents - parts.reduce((all, part) => all + part, 0);
  for (let at = 0; rest > 0; at = (at + 1) % parts.length) {
    parts[at] += 1;
    rest -= 1;
  }
  return parts;
}

module.exports = { lineTotal, taxOf, totals, merge, split };
