import { describe, expect, it } from 'vitest';
import { asSentence } from './as-sentence.ts';
import { fixTemplates } from './index.ts';
import { contextOf, type Fault } from './template-rig.ts';

const of = (text: string, at: string, category: string, more: Partial<Fault> = {}): Fault => ({
  files: { 'a.js': text },
  at,
  category,
  ...more,
});
const onNull = (text: string, at: string, receiver: string) => of(text, at, 'null-access', { data: { receiver } });
const inFlow = (text: string, at: string, category: string, data: Fault['data']) =>
  of(text, at, category, { type: 'behavioral', data: { flow: 'checkout', ...data } });
const order = {
  declared: ['reserve', 'charge'],
  seen: ['charge', 'reserve'],
  moved: 'charge',
  callSites: [
    { step: 'charge', line: 2, endLine: 2, text: 'await charge(cart);' },
    { step: 'reserve', line: 3, endLine: 3, text: 'await reserve(cart);' },
  ],
};
const documented = '/** The name; null where there is none. */\nfunction f(a) {\n  return a.b.name;\n}\n';

/** One fault at least for each template, and one for each way of its own in which a template may speak. */
const faults: readonly Fault[] = [
  onNull(documented, 'a.b.name', 'a.b'),
  onNull('function f(a) {\n  if (!a) throw new Error("none");\n  const b = a.b.map(String);\n  return b;\n}\n', 'a.b.map', 'a.b'),
  onNull('function f(list) {\n  for (const a of list) {\n    use(a.b.c);\n  }\n}\n', 'a.b.c', 'a.b'),
  onNull('function f(list) {\n  return list.filter((a) => a.b.c > 1);\n}\n', 'a.b.c', 'a.b'),
  onNull('function f(list) {\n  list.forEach((a) => {\n    use(a.b.c);\n  });\n}\n', 'a.b.c', 'a.b'),
  onNull('function f(list) {\n  return list.reduce((sum, a) => {\n    return sum + a.b.c;\n  }, 0);\n}\n', 'a.b.c', 'a.b'),
  onNull("app.get('/x', (req, res) => {\n  res.json(req.user.name);\n});\n", 'req.user.name', 'req.user'),
  onNull('function g(a) {\n  if (!a) return null;\n  return a;\n}\nfunction f(a) {\n  return a.b.c;\n}\n', 'a.b.c', 'a.b'),
  { ...onNull('', '', 'a.b'), files: { 'a.ts': 'function f(a: A): string[] {\n  return a.b.list;\n}\n' }, at: 'a.b.list' },
  onNull('function f(a) {\n  if (!a.b.on) return;\n  log(a.b.c);\n}\n', 'a.b.on', 'a.b'),
  onNull('function f({ tags }) {\n  return tags.join();\n}\n', 'tags.join', 'tags'),
  onNull('const RATES = { home: { base: 1 }, other: { base: 9 } };\nconst f = (z) => RATES[z].base;\n', 'RATES[z].base', 'RATES[z]'),
  of("function f(kind) {\n  switch (kind) {\n    case 'a':\n      return 'A';\n  }\n}\n", 'switch', 'missing-case', {
    data: { expression: 'kind' },
  }),
  of('async function load() {}\nasync function f(id) {\n  const user = load(id);\n  return user.name;\n}\n', 'load(id);', 'missing-await', {
    data: { call: 'load(id)' },
  }),
  of(
    'function f(text) {\n  if (!text) return null;\n  const data = JSON.parse(text);\n  return data;\n}\n',
    'JSON.parse',
    'unguarded-parse',
  ),
  of('function day(order) {\n  const at = new Date(order.at);\n  return at.toISOString();\n}\n', 'at.toISOString', 'invalid-date'),
  of('function f(list) {\n  return list[0].name;\n}\n', 'list[0]', 'out-of-bounds'),
  of('function f(list) {\n  return list.reduce((a, b) => a + b.n);\n}\n', 'list.reduce', 'out-of-bounds'),
  of("const line = (n) => '-'.repeat(n - 2);\n", 'repeat', 'unknown', { data: { kind: 'invalid-length' } }),
  of('function f(o) {\n  return o.customerName.trim();\n}\n', 'o.customerName', 'renamed-field', {
    data: { from: 'customerName', to: 'customer_name' },
  }),
  of('function f(quantity) {\n  return quantiy;\n}\n', 'quantiy', 'wrong-identifier', { data: { name: 'quantiy' } }),
  of('export const a = () => rate(1);\n', 'rate(1)', 'wrong-identifier', {
    files: { 'a.js': 'export const a = () => rate(1);\n', 'rate.js': 'export const rate = (x) => x;\n' },
    data: { name: 'rate', exportedFrom: ['rate.js'] },
  }),
  ...['list.length', 'list.contains', 'names.map', 'id.toUpperCase', 'options.onDone'].map((expression) =>
    of(`const n = ${expression}(1);\n`, expression, 'not-a-function', { data: { expression } }),
  ),
  of('if (n > 10) go();\n', 'n > 10', 'wrong-operator'),
  of('function f(order) {\n  notify(order);\n}\n', 'notify(', 'unhandled-rejection'),
  of(
    'async function f(ids) {\n  const all = [];\n  for (const id of ids) {\n    all.push(await load(id));\n  }\n  return all;\n}\n',
    'for (',
    'sequential-awaits',
  ),
  of('async function f(ids) {\n  for (const id of ids) {\n    await load(id);\n  }\n}\n', 'for (', 'sequential-awaits'),
  of(
    'async function f(a) {\n  const one = await left(a);\n  const two = await right(a);\n  return [one, two];\n}\n',
    'const one',
    'sequential-awaits',
  ),
  of('function f(a, b) {\n  return a.filter((x) => b.includes(x));\n}\n', 'b.includes(x)', 'quadratic-loop', {
    type: 'performance',
    data: { inner: 'b.includes(x)' },
  }),
  of("function f(a) {\n  for (const x of a) {\n    use(new Intl.NumberFormat('de').format(x));\n  }\n}\n", 'new Intl', 'loop-invariant', {
    type: 'performance',
    data: { expression: "new Intl.NumberFormat('de')" },
  }),
  of('function fib(n) {\n  if (n < 2) return n;\n  return fib(n - 1) + fib(n - 2);\n}\n', 'return fib', 'repeated-pure-call', {
    type: 'performance',
    data: { kind: 'recursion', function: 'a.js#fib@1' },
  }),
  inFlow('async function checkout(cart) {\n  await charge(cart);\n  await reserve(cart);\n}\n', 'charge', 'declared-order-violated', order),
  inFlow('async function checkout(cart) {\n  await RESERVE(cart);\n  await reserve(cart);\n}\n', 'await reserve', 'extra-step', {
    step: 'reserve',
  }),
  inFlow("const STEPS = ['validate', 'send'];\n", "'send'", 'missing-step', { step: 'reserve', called: false, before: 'send' }),
  inFlow('async function checkout(cart) {\n  await sleep(500);\n}\n', 'await sleep', 'unexplained-wait', { ms: 500 }),
  {
    ...inFlow('', '', 'wrong-timing', { step: 'b' }),
    files: { 'flow.json': '{ "beats": [{ "handler": "b", "waitMs": 900 }] }\n' },
    at: '"b"',
  },
  {
    ...inFlow('', '', 'declared-order-violated', { ...order, file: 'flow.json' }),
    files: { 'flow.json': '{ "beats": [\n  { "beat": 1, "handler": "charge" },\n  { "beat": 2, "handler": "reserve" }\n] }\n' },
    at: '"charge"',
  },
];

const spoken = faults.map((fault) => {
  const context = contextOf(fault);
  return fixTemplates.flatMap((template) =>
    template.propose(context).map(({ title, rationale }) => ({ template: template.name, title, rationale })),
  );
});
const all = spoken.flat();

/** A form of a verb that our sentences are made with: a sentence without any says nothing. */
const VERB =
  /\b(is|are|was|may|cannot|can|has|have|had|needs?|gives?|throws?|declares?|declared|expects?|runs?|ran|uses?|uncovers?|keeps?|fails?|counts?|calls?|called|fits|decides|waits?|reads?|changes|returns?|skips|answers|takes|asked|exported|logs?|logged|sees|goes)\b/;

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=[A-Zi])/);
}

describe('rationales', () => {
  it('are collected from every template, and every fault has one', () => {
    expect([...new Set(all.map((one) => one.template))].sort()).toEqual(fixTemplates.map((one) => one.name).sort());
    expect(spoken.flatMap((list, index) => (list.length === 0 ? [faults[index]?.at] : []))).toEqual([]);
  });

  it.each([...new Map(all.map((one) => [one.rationale, one])).values()])('$template: $rationale', ({ rationale, title }) => {
    expect(rationale).toMatch(/^([A-Z0-9`/]|[\w/-]+\.\w+ )/);
    expect(rationale).toMatch(/[^.,;:\s]\.$/);
    // What is code says nothing of the grammar.
    const plain = rationale.replace(/`[^`]*`/g, 'it');
    expect(plain).not.toMatch(/\s{2}|\n|\.\.|,,|;\.|\bNaN\b|\[object|\bthe the\b|\ba a\b|\s[.,;]|\bundefined undefined\b/);
    expect(rationale.replace(/[^`]/g, '').length % 2).toBe(0);
    for (const sentence of sentences(plain)) expect(sentence).toMatch(VERB);
    // A value that is named outside of code, as in "the doc comment promises null", reads as a slip.
    expect(plain.replace(/(may be|is) (null or )?undefined/g, '')).not.toMatch(/\b(null|undefined)\b/);
    expect(plain).not.toMatch(/\b(function|code) leaves\b/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  });

  it('say how the function is left, whatever speaks for it', () => {
    const said = all.map((one) => one.rationale);
    expect(said).toEqual(
      expect.arrayContaining([
        '`a.b` may be null or undefined here; the function then returns `null`, as its doc comment promises.',
        '`a.b` may be null or undefined here; the function then throws, as it does elsewhere in such a case.',
        '`a.b` may be null or undefined here; the function then skips the item, so that the loop goes on with the others.',
        '`a.b` may be null or undefined here; the function then returns `false`, which leaves the item out of what `filter` gives.',
        '`a.b` may be null or undefined here; the function then returns, which skips the item.',
        '`a.b` may be null or undefined here; the function then returns `sum`, which leaves the item out of the sum.',
        '`req.user` may be null or undefined here; the function then answers the request, with status 400, as express handlers do for input that they cannot use.',
        '`a.b` may be null or undefined here; the function then returns `null`, as other functions of the file do.',
        '`a.b` may be null or undefined here; the function then returns `[]`, as its return type `string[]` allows.',
      ]),
    );
  });
});

it('makes a sentence of a clause', () => {
  expect(asSentence('no code runs `x`;  it belongs\nbefore `y`.')).toBe('No code runs `x`; it belongs before `y`.');
  expect(asSentence('`x` is called twice')).toBe('`x` is called twice.');
});
