import { describe, expect, test } from 'vitest';
import { analyzeError } from './analyze-error.ts';
import { errorAnomaly, frame, passingCall, sampleCode } from './samples-for-tests.ts';

function analyze(files: Record<string, string>, parts: Parameters<typeof errorAnomaly>[0]) {
  const { codebase, sources } = sampleCode(files);
  const issue = analyzeError(errorAnomaly(parts), codebase, sources);
  if (issue === undefined) throw new Error('no analysis');
  return issue;
}

const LABEL = `export function shippingLabel(order) {
  const [shipTo] = order.addresses.filter((one) => one.kind === 'shipping');
  return {
    orderId: order.orderId,
    country: shipTo.country,
  };
}
`;

describe('null access', () => {
  test('is found on the line of the frame, with the item of a filtered list as its origin', () => {
    const issue = analyze(
      { 'src/label.js': LABEL },
      { message: "Cannot read properties of undefined (reading 'country')", frames: [frame('src/label.js', 5, 'shippingLabel', 21)] },
    );
    expect(issue.rootCause).toMatchObject({
      category: 'null-access',
      expression: 'shipTo.country',
      location: { file: 'src/label.js', line: 5, function: 'shippingLabel' },
    });
    expect(issue.data).toMatchObject({ receiver: 'shipTo', property: 'country', origin: 'array-item', accessKind: 'read' });
    expect(issue.rootCause.confidence).toBeGreaterThan(0.8);
    expect(issue.abstain).toBeUndefined();
  });

  test('is found some lines off when the deployed release differs from the commit', () => {
    const moved = `// a new header\n// of three\n// lines\n${LABEL}`;
    const issue = analyze(
      { 'src/label.js': moved },
      { message: "Cannot read properties of undefined (reading 'country')", frames: [frame('src/label.js', 5, 'shippingLabel')] },
    );
    expect(issue.rootCause.location.line).toBe(8);
  });

  test('is found by the operation alone when the log has no stack', () => {
    const issue = analyze(
      {
        'src/label.js': LABEL,
        'src/app.js':
          "import { shippingLabel } from './label.js';\nexport function routes(app) {\n  app.post('/labels', (req) => shippingLabel(req.body));\n}\n",
      },
      { message: "Cannot read properties of undefined (reading 'country')", operation: 'POST /labels' },
    );
    expect(issue.rootCause.location).toMatchObject({ file: 'src/label.js', line: 5 });
    expect(issue.rootCause.confidence).toBeGreaterThan(0.5);
    expect(issue.rootCause.confidence).toBeLessThan(0.8);
  });

  test.each([
    [
      'a Map',
      'const users = new Map();\nexports.nameOf = function nameOf(id) {\n  const user = users.get(id);\n  return user.name;\n};',
      'map-get',
    ],
    ['find', 'exports.nameOf = (users, id) => {\n  const user = users.find((one) => one.id === id);\n  return user.name;\n};', 'find'],
    [
      'an optional field',
      'interface Order { user?: { name: string } }\nexport function nameOf(order: Order) {\n  return order.user!.name;\n}',
      'optional-field',
    ],
    [
      'a function that may return nothing',
      'function load(id) {\n  if (id > 3) return { name: 1 };\n}\nmodule.exports = { nameOf(id) {\n  const user = load(id);\n  return user.name;\n} };',
      'call-result',
    ],
    ['a lookup table', 'const table = { a: { name: 1 } };\nmodule.exports.nameOf = (key) => table[key].name;', 'lookup'],
    [
      'an item of a loop',
      'class Names {\n  all(users) {\n    return users.map((user) => user.name);\n  }\n}\nmodule.exports = Names;',
      'loop-item',
    ],
    ['a request', 'module.exports = (req, res) => {\n  res.send(req.body.user.name);\n};', 'request'],
    ['a field of a parameter', 'export default function nameOf({ user }) {\n  return user.name;\n}', 'field'],
    ['a regular expression', 'exports.nameOf = (text) => {\n  const found = text.match(/a(b)/);\n  return found.name;\n};', 'match'],
    ['the environment', 'exports.nameOf = () => process.env.USER_NAME.name;', 'environment'],
    [
      'an assignment in a branch',
      'exports.nameOf = (x) => {\n  let user = null;\n  if (x) user = { name: 1 };\n  return user.name;\n};',
      'literal',
    ],
  ])('names %s as the origin', (_, source, origin) => {
    const file = source.includes('interface') ? 'src/names.ts' : 'src/names.js';
    const line = source.split('\n').findLastIndex((text) => text.includes('.name')) + 1;
    const issue = analyze(
      { [file]: source },
      { message: "Cannot read properties of undefined (reading 'name')", frames: [frame(file, line)] },
    );
    expect([issue.data.origin, issue.rootCause.location.line]).toEqual([origin, line]);
  });

  test('follows a parameter into the only caller', () => {
    const source =
      'const people = new Map();\nfunction label(person) {\n  return person.name;\n}\nexport function show(id) {\n  return label(people.get(id));\n}\n';
    const issue = analyze(
      { 'a.js': source },
      { message: "Cannot read properties of undefined (reading 'name')", frames: [frame('a.js', 3, 'label'), frame('a.js', 6, 'show')] },
    );
    expect(issue.data).toMatchObject({ origin: 'map-get', receiver: 'person' });
  });

  test('of writing, destructuring, iterating and listing is recognised', () => {
    const source = [
      'export function write(cart) {',
      '  cart.note.text = 1;',
      '}',
      'export function take(order) {',
      '  const { name } = order.user;',
      '  return name;',
      '}',
      'export function each(order) {',
      '  for (const line of order.lines) console.log(line);',
      '}',
      'export function keys(order) {',
      '  return Object.keys(order.map);',
      '}',
    ].join('\n');
    const at = (message: string, line: number) => analyze({ 'a.js': source }, { message, frames: [frame('a.js', line)] }).data;
    expect(at("Cannot set properties of undefined (setting 'text')", 2)).toMatchObject({ accessKind: 'set', receiver: 'cart.note' });
    expect(at("Cannot destructure property 'name' of 'order.user' as it is undefined.", 5)).toMatchObject({
      accessKind: 'destructure',
      receiver: 'order.user',
    });
    expect(at('order.lines is not iterable', 9)).toMatchObject({ accessKind: 'iterate', receiver: 'order.lines' });
    expect(at('Cannot convert undefined or null to object', 12)).toMatchObject({ accessKind: 'object-keys', receiver: 'order.map' });
  });
});

describe('more exact causes', () => {
  test('a missing await wins over the missing value', () => {
    const source =
      "import { load } from './store.js';\nexport async function show(id) {\n  const user = load(id);\n  return user.profile.name;\n}\n";
    const issue = analyze(
      { 'a.js': source, 'store.js': 'export async function load(id) {\n  return { id };\n}\n' },
      { message: "Cannot read properties of undefined (reading 'name')", frames: [frame('a.js', 4, 'show')] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'missing-await', expression: 'load(id)', location: { line: 3 } });
    expect(issue.data.call).toBe('load(id)');
    expect(issue.alternatives[0]?.category).toBe('null-access');
  });

  test('a method called on a promise is a missing await', () => {
    const source =
      'const api = { async items() { return []; } };\nexport async function names() {\n  return api.items().map((one) => one.name);\n}\n';
    const issue = analyze({ 'a.js': source }, { message: 'api.items(...).map is not a function', frames: [frame('a.js', 3, 'names')] });
    expect(issue.rootCause).toMatchObject({ category: 'missing-await', expression: 'api.items()' });
  });

  test('a loop that ends one too late is a wrong operator, then an index out of bounds', () => {
    const source =
      'exports.sum = (items) => {\n  let sum = 0;\n  for (let i = 0; i <= items.length; i++) sum += items[i].price;\n  return sum;\n};\n';
    const issue = analyze(
      { 'a.js': source },
      { message: "Cannot read properties of undefined (reading 'price')", frames: [frame('a.js', 3)] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'wrong-operator', expression: 'i <= items.length' });
    expect(issue.alternatives.map((one) => one.category)).toContain('out-of-bounds');
    expect(issue.data.alternatives).toContainEqual(expect.objectContaining({ category: 'out-of-bounds', array: 'items', index: 'i' }));
  });

  test('a field that production data calls by another name was renamed', () => {
    const source = 'export function label(customer) {\n  return customer.address.city;\n}\n';
    const issue = analyze(
      { 'a.js': source },
      {
        message: "Cannot read properties of undefined (reading 'city')",
        frames: [frame('a.js', 2, 'label')],
        inputs: [
          { name: 'A', shippingAddress: { city: 'X' } },
          { name: 'B', shippingAddress: { city: 'Y' } },
        ],
      },
    );
    expect(issue.rootCause.category).toBe('renamed-field');
    expect(issue.data).toMatchObject({ from: 'address', to: 'shippingAddress' });
  });

  test.each([
    [
      'a function returns it by another name',
      {
        'a.js':
          "import { price } from './b.js';\nexport function show(order) {\n  const priced = price(order);\n  return priced.total.toFixed(2);\n}\n",
        'b.js': 'export function price(order) {\n  return { totalCents: order.n, lines: [] };\n}\n',
      },
      4,
      'totalCents',
    ],
    [
      'an interface has another name for it',
      {
        'a.ts':
          "import type { Customer } from './types.ts';\nexport function show(customer: Customer) {\n  return customer.adress.city;\n}\n",
        'types.ts': 'export interface Customer {\n  address: { city: string };\n  name: string;\n}\n',
      },
      3,
      'address',
    ],
    [
      'an object was made with another name for it',
      { 'a.js': 'const limits = { maxItems: { n: 1 }, other: 2 };\nexport function show() {\n  return limits.maxItem.n;\n}\n' },
      3,
      'maxItems',
    ],
  ])('a field was renamed where %s', (_, files, line, to) => {
    const file = Object.keys(files)[0] ?? '';
    const message = `Cannot read properties of undefined (reading '${file === 'a.ts' ? 'city' : line === 4 ? 'toFixed' : 'n'}')`;
    const issue = analyze(files, { message, frames: [frame(file, line, 'show')] });
    expect([issue.rootCause.category, issue.data.to]).toEqual(['renamed-field', to]);
  });

  test('a field that some calls have is not taken for renamed', () => {
    const source = 'export function label(customer) {\n  return customer.address.city;\n}\n';
    const issue = analyze(
      { 'a.js': source },
      {
        message: "Cannot read properties of undefined (reading 'city')",
        frames: [frame('a.js', 2, 'label')],
        inputs: [{ addresses: [] }],
        passing: [passingCall('label', { address: { city: 'X' } })],
      },
    );
    expect(issue.rootCause.category).toBe('null-access');
  });

  test('a comparison that separates failing from passing calls at its boundary is at fault', () => {
    const source =
      "export function discount(order) {\n  if (order.total < 100) return 0;\n  if (order.total > 100) return 10;\n  throw new Error('no discount rule');\n}\n";
    const issue = analyze(
      { 'a.js': source },
      {
        type: 'Error',
        message: 'no discount rule',
        frames: [frame('a.js', 4, 'discount')],
        operation: 'discount',
        inputs: [{ total: 100 }],
        passing: [passingCall('discount', { total: 99 }), passingCall('discount', { total: 150 })],
      },
    );
    expect(issue.rootCause.category).toBe('wrong-operator');
    expect(['order.total < 100', 'order.total > 100']).toContain(issue.rootCause.expression);
  });
});

describe('other messages', () => {
  test('a misspelt name is matched with the nearest in scope', () => {
    const source = 'export function total(lines) {\n  const discount = 3;\n  return lines.length - discuont;\n}\n';
    const issue = analyze(
      { 'a.js': source },
      { type: 'ReferenceError', message: 'discuont is not defined', frames: [frame('a.js', 3, 'total')] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'wrong-identifier', location: { line: 3 } });
    expect(issue.data).toMatchObject({ name: 'discuont', near: ['discount'] });
  });

  test('a name that another module exports is missing an import', () => {
    const files = {
      'a.js': 'export const show = (cents) => formatCents(cents);\n',
      'money.js': 'export function formatCents(cents) {\n  return cents;\n}\n',
    };
    const issue = analyze(files, { type: 'ReferenceError', message: 'formatCents is not defined', frames: [frame('a.js', 1, 'show')] });
    expect(issue.data.exportedFrom).toEqual(['money.js']);
  });

  test('a misspelt method is matched with the nearest that exists', () => {
    const issue = analyze(
      { 'a.js': 'exports.up = (text) => text.toUppercase();\n' },
      { message: 'text.toUppercase is not a function', frames: [frame('a.js', 1)] },
    );
    expect(issue.rootCause.category).toBe('wrong-identifier');
    expect(issue.data.near).toContain('toUpperCase');
  });

  test('a callback that was not given is not a function', () => {
    const issue = analyze(
      { 'a.js': 'exports.run = (job, done) => {\n  job();\n  done(null);\n};\n' },
      { message: 'done is not a function', frames: [frame('a.js', 3, 'exports.run')] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'not-a-function', expression: 'done' });
    expect(issue.data.origin).toBe('parameter');
  });

  test('JSON of others that does not parse is an unguarded parse', () => {
    const issue = analyze(
      { 'a.js': 'exports.read = (line) => {\n  const entry = JSON.parse(line);\n  return entry.id;\n};\n' },
      { type: 'SyntaxError', message: `Unexpected token 'o', "oops" is not valid JSON`, frames: [frame('a.js', 2, 'exports.read')] },
    );
    expect(issue.rootCause.category).toBe('unguarded-parse');
    expect(issue.data).toMatchObject({ call: 'JSON.parse(line)', variable: 'line' });
  });

  test('an invalid date is followed to where it was made', () => {
    const issue = analyze(
      {
        'a.js': 'exports.day = (order) => {\n  const placed = new Date(order.placedAt);\n  return placed.toISOString().slice(0, 10);\n};\n',
      },
      { type: 'RangeError', message: 'Invalid time value', frames: [frame('a.js', 3)] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'invalid-date', location: { line: 3 } });
    expect(issue.data).toMatchObject({ input: 'order.placedAt', constructedLine: 2 });
  });

  test('a switch that throws by default misses a case', () => {
    const source =
      "export function rate(zone) {\n  switch (zone) {\n    case 'near':\n      return 1;\n    default:\n      throw new Error('unknown zone ' + zone);\n  }\n}\n";
    const issue = analyze({ 'a.js': source }, { type: 'Error', message: 'unknown zone far', frames: [frame('a.js', 6, 'rate')] });
    expect(issue.rootCause.category).toBe('missing-case');
    expect(issue.data).toMatchObject({ expression: 'zone', cases: ["'near'"] });
  });

  test('an unhandled rejection points at the promise that nobody awaits', () => {
    const source = "async function save() {\n  throw new Error('disk');\n}\nexport function tick() {\n  save();\n}\n";
    const issue = analyze(
      { 'a.js': source },
      {
        type: 'UnhandledPromiseRejection',
        message: 'unhandledRejection: disk',
        frames: [frame('a.js', 2, 'save'), frame('a.js', 5, 'tick')],
      },
    );
    expect([issue.rootCause, ...issue.alternatives].map((one) => [one.category, one.location.line])).toContainEqual([
      'unhandled-rejection',
      5,
    ]);
  });

  test('mixing BigInt and number and reducing an empty list name the operation', () => {
    const source = 'exports.a = (x) => x * 2n;\nexports.b = (list) => list.reduce((one, two) => one + two);\n';
    const mixed = analyze(
      { 'a.js': source },
      { message: 'Cannot mix BigInt and other types, use explicit conversions', frames: [frame('a.js', 1)] },
    );
    expect(mixed.rootCause.expression).toBe('x * 2n');
    const empty = analyze({ 'a.js': source }, { message: 'Reduce of empty array with no initial value', frames: [frame('a.js', 2)] });
    expect([empty.rootCause.category, empty.data.array]).toEqual(['out-of-bounds', 'list']);
  });

  test('an unknown error keeps the places on the stack for a search', () => {
    const source =
      'export function a() {\n  return b();\n}\nfunction b() {\n  return fail();\n}\nfunction fail() {\n  return Symbol() + 1;\n}\n';
    const issue = analyze(
      { 'a.js': source },
      { message: 'something odd', frames: [frame('a.js', 8, 'fail'), frame('a.js', 5, 'b'), frame('a.js', 2, 'a')] },
    );
    expect(issue.rootCause).toMatchObject({ category: 'unknown', location: { line: 8 } });
    expect(issue.alternatives.map((one) => one.location.line)).toEqual([5, 2]);
  });
});
