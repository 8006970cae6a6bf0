import { describe, expect, test } from 'vitest';
import { analyzePerformance } from './analyze-performance.ts';
import { passingCall, performanceAnomaly, sampleCode } from './samples-for-tests.ts';

function analyze(source: string, operation: string, calls: Parameters<typeof performanceAnomaly>[1] = [], meta = {}) {
  const { codebase, sources } = sampleCode({ 'src/a.js': source }, meta);
  const issue = analyzePerformance(performanceAnomaly(operation, calls), codebase, sources);
  if (issue === undefined) throw new Error('no analysis');
  return issue;
}

const QUOTE = `export async function quote(lines, stock) {
  const quoted = [];
  for (const line of lines) {
    const found = await stock.of(line.sku);
    quoted.push({ ...line, found });
  }
  return quoted;
}
`;

describe('sequential awaits', () => {
  test('in a loop whose passes are independent are the cause', () => {
    const issue = analyze(QUOTE, 'quote');
    expect(issue.rootCause).toMatchObject({ category: 'sequential-awaits', location: { file: 'src/a.js', line: 3, function: 'quote' } });
    expect(issue.data).toMatchObject({ loop: 'for-of', loopStart: 3, loopEnd: 6, independent: true, collection: 'lines', items: ['line'] });
    expect(issue.abstain).toBeUndefined();
  });

  test.each([
    [
      'a pass needs the one before',
      'export async function run(steps) {\n  let state = 0;\n  for (const step of steps) {\n    state = await step(state);\n  }\n  return state;\n}\n',
    ],
    [
      'the loop ends early',
      'export async function run(steps) {\n  for (const step of steps) {\n    const found = await step();\n    if (found) return found;\n  }\n}\n',
    ],
  ])('rank low where %s', (_, source) => {
    const issue = analyze(source, 'run');
    expect(issue.data.independent).toBe(false);
    expect(issue.rootCause.confidence).toBeLessThan(analyze(QUOTE, 'quote').rootCause.confidence - 0.15);
  });

  test('in an index loop and in a reduction are found too', () => {
    const indexed = analyze(
      'exports.all = async (ids) => {\n  const out = [];\n  for (let i = 0; i < ids.length; i++) out.push(await load(ids[i]));\n  return out;\n};\nasync function load() {}\n',
      'all',
    );
    expect(indexed.data).toMatchObject({ loop: 'for', independent: true });
    const reduced = analyze(
      'export const all = (ids, load) => ids.reduce(async (before, id) => {\n  await before;\n  await load(id);\n}, Promise.resolve());\n',
      'all',
    );
    expect(reduced.data).toMatchObject({ loop: 'reduce' });
  });

  test('are found in a function that the route calls', () => {
    const issue = analyze(
      `${QUOTE}export function routes(app, stock) {\n  app.post('/quote', async (req) => quote(req.body.lines, stock));\n}\n`,
      'POST /quote',
    );
    expect(issue.rootCause.location).toMatchObject({ line: 3, function: 'quote' });
  });
});

describe('quadratic loops', () => {
  test.each([
    [
      'membership',
      'export function unique(items) {\n  const seen = [];\n  for (const item of items) {\n    if (!seen.includes(item.id)) seen.push(item.id);\n  }\n  return seen;\n}\n',
      'seen',
    ],
    [
      'find',
      'export function join(orders, users) {\n  return orders.map((order) => ({ order, user: users.find((user) => user.id === order.userId) }));\n}\n',
      'users',
    ],
    [
      'filter',
      'export function join(users, orders) {\n  return users.map((user) => orders.filter((order) => order.userId === user.id).length);\n}\n',
      'orders',
    ],
    [
      'nested-loop',
      'export function pairs(items) {\n  let n = 0;\n  for (const a of items) {\n    for (const b of items) if (a.id === b.id) n++;\n  }\n  return n;\n}\n',
      'items',
    ],
    [
      'spread-accumulation',
      'export function index(items) {\n  return items.reduce((all, item) => ({ ...all, [item.id]: item }), {});\n}\n',
      'all',
    ],
    ['front', 'export function drain(queue, other) {\n  for (const one of other) queue.unshift(one);\n  return queue;\n}\n', 'queue'],
  ])('by %s are recognised', (pattern, source, collection) => {
    const name = /function (\w+)/.exec(source)?.[1] ?? '';
    const issue = analyze(source, name);
    expect(issue.rootCause.category).toBe('quadratic-loop');
    expect(issue.data).toMatchObject({ pattern, collection });
  });

  test('are not seen where the inner list belongs to the item, or is short and constant', () => {
    const issue = analyze(
      "const KINDS = ['a', 'b'];\nexport function pick(items) {\n  return items.filter((item) => item.tags.includes('x') && KINDS.includes(item.kind));\n}\n",
      'pick',
    );
    expect([issue.rootCause, ...issue.alternatives].map((one) => one.category)).not.toContain('quadratic-loop');
  });

  test('are believed more when durations grow with the square of a size', () => {
    const source =
      'export function unique(items) {\n  const seen = [];\n  for (const item of items) if (!seen.includes(item)) seen.push(item);\n  return seen;\n}\n';
    const calls = (power: number) =>
      [10, 20, 30, 40, 50, 60, 70, 80, 90].map((size) => passingCall('unique', { items: new Array(size).fill(1) }, 0.01 * size ** power));
    const square = analyze(source, 'unique', calls(2));
    const flat = analyze(source, 'unique', calls(0.1));
    expect(square.rootCause.confidence).toBeGreaterThan(flat.rootCause.confidence);
    expect(square.facts.map((fact) => fact.statement).join('\n')).toMatch(/`items.length` to the power 2\.00/);
  });
});

describe('repeated work', () => {
  test('a costly call with the same arguments in every pass is a loop invariant', () => {
    const issue = analyze(
      'export function rows(items, config) {\n  return items.map((item) => {\n    const limits = JSON.parse(config);\n    return item.n < limits.max;\n  });\n}\n',
      'rows',
    );
    expect(issue.rootCause).toMatchObject({ category: 'loop-invariant', expression: 'JSON.parse(config)' });
  });

  test('a call that reads the item is none', () => {
    const issue = analyze('export function rows(items) {\n  return items.map((item) => JSON.parse(item.text));\n}\n', 'rows');
    expect(issue.rootCause.category).toBe('unknown');
  });

  test('a pure function called twice with the same arguments is repeated work', () => {
    const source =
      'function score(items) {\n  let sum = 0;\n  for (const item of items) sum += item.n;\n  return sum;\n}\nexport function report(items) {\n  return { total: score(items), mean: score(items) / items.length };\n}\n';
    const issue = analyze(source, 'report');
    expect(issue.rootCause).toMatchObject({ category: 'repeated-pure-call', expression: 'score(items)' });
  });

  test('a function that is not pure is not', () => {
    const source =
      'let calls = 0;\nfunction next(items) {\n  for (const item of items) calls += item.n;\n  return calls;\n}\nexport function report(items) {\n  return [next(items), next(items)];\n}\n';
    expect(analyze(source, 'report').rootCause.category).toBe('unknown');
  });

  test('branching recursion is repeated work', () => {
    const issue = analyze('export function ways(n) {\n  if (n < 2) return 1;\n  return ways(n - 1) + ways(n - 2);\n}\n', 'ways');
    expect(issue.data).toMatchObject({ kind: 'recursion', pure: true });
  });

  test('reading the same file synchronously in every call can be done once', () => {
    const issue = analyze(
      "import { readFileSync } from 'node:fs';\nexport function banner(user) {\n  const text = readFileSync('banner.txt', 'utf8');\n  return text + user;\n}\n",
      'banner',
    );
    expect(issue.rootCause).toMatchObject({ category: 'loop-invariant', location: { line: 3 } });
    expect(issue.data.scope).toBe('module');
  });

  test('a wait in the code is named with its length', () => {
    const issue = analyze(
      'const sleep = (ms) => new Promise((done) => setTimeout(done, ms));\nexport async function charge(card) {\n  await sleep(2 * 150);\n  return card;\n}\n',
      'charge',
    );
    expect(issue.rootCause).toMatchObject({ category: 'unexplained-wait', location: { line: 3 } });
    expect(issue.data).toMatchObject({ waitLine: 3, ms: 300 });
  });
});

describe('ranking', () => {
  const source = `${QUOTE}export async function both(lines, stock, users) {
  const joined = lines.map((line) => users.find((user) => user.id === line.id));
  return [joined, await quote(lines, stock)];
}
`;

  test('the change that came with the release ranks first', () => {
    const history = [
      { sha: 'bbbbbbbb', at: 2, author: 'B', subject: 'Ask one by one', files: ['src/a.js'], tags: ['v2'] },
      { sha: 'aaaaaaaa', at: 1, author: 'A', subject: 'First', files: ['src/a.js'], tags: ['v1'] },
    ];
    const lineCommits = {
      'src/a.js': [
        { from: 1, to: 8, commit: 'bbbbbbbb' },
        { from: 9, to: 12, commit: 'aaaaaaaa' },
      ],
    };
    const { codebase, sources } = sampleCode({ 'src/a.js': source }, { history, lineCommits });
    const anomaly = { ...performanceAnomaly('both', [], { before: 'v1' }), release: 'v2' };
    const issue = analyzePerformance(anomaly, codebase, sources);
    expect(issue?.rootCause.category).toBe('sequential-awaits');
    expect(issue?.suspectCommit).toBe('bbbbbbbb');
  });

  test('an operation that no code serves makes it abstain', () => {
    expect(analyze(QUOTE, 'GET /nowhere').abstain).toMatch(/no function of the repository serves/);
  });

  test('code without any costly pattern gives little confidence', () => {
    const issue = analyze('export function add(a, b) {\n  return a + b;\n}\n', 'add');
    expect(issue.rootCause.category).toBe('unknown');
    expect(issue.rootCause.confidence).toBeLessThan(0.5);
  });
});
