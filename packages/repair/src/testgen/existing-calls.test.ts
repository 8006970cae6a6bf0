import { describe, expect, it } from 'vitest';
import { existingArguments } from './existing-calls.ts';
import { functionOf } from './function-node.ts';
import { testInput } from './test-rig.ts';

function found(test: Record<string, string>, source = 'export function quote(lines, stock) {\n  return stock.of(lines);\n}\n') {
  const { codebase, sources } = testInput({ files: { 'src/quote.js': source, ...test }, at: 'stock.of', category: 'unknown' });
  const fn = functionOf(
    codebase.functions.find((one) => one.name === 'quote'),
    sources,
  );
  if (!fn) throw new Error('no function');
  return existingArguments(fn, codebase, sources);
}

describe('existingArguments', () => {
  it('takes the arguments of a test with what they are made of', () => {
    const [args] = found({
      'src/stock.js': 'export const makeStock = () => ({});\n',
      'test/quote.test.js': `import { test } from 'node:test';
import { quote } from '../src/quote.js';
import { makeStock as stock } from '../src/stock.js';
import Clock from 'clock';
import * as all from '../src/stock.js';

const shared = [
  { sku: 'a' },
];

test('a', () => {
  quote(shared, stock({ at: new Clock(), all }));
});
`,
    });
    expect(args).toEqual([
      { name: 'lines', code: "[\n  { sku: 'a' },\n]", imports: [], confidence: 0.7, logged: false },
      {
        name: 'stock',
        code: 'stock({ at: new Clock(), all })',
        imports: [
          { path: 'src/stock.js', name: 'makeStock', as: 'stock' },
          { module: 'clock', name: 'default', as: 'Clock' },
          { path: 'src/stock.js', name: '*', as: 'all' },
        ],
        confidence: 0.7,
        logged: false,
      },
    ]);
  });

  it('follows require', () => {
    const [args] = found(
      {
        'src/stock.js': 'module.exports = { makeStock: () => ({}) };\n',
        'test/quote.test.js':
          "const { test } = require('node:test');\nconst quote = require('../src/quote');\nconst lib = require('../src/stock');\nconst { makeStock: stock } = require('../src/stock');\n\ntest('a', () => {\n  quote([1], stock(lib));\n});\n",
      },
      'module.exports = function quote(lines, stock) {\n  return stock.of(lines);\n};\n',
    );
    expect(args?.[1]?.imports).toEqual([
      { path: 'src/stock.js', name: 'makeStock', as: 'stock' },
      { path: 'src/stock.js', name: 'module.exports', as: 'lib' },
    ]);
  });

  it('leaves out calls that lean on the test around them', () => {
    const test =
      "import { test } from 'node:test';\nimport { quote } from '../src/quote.js';\n\ntest('a', (t) => {\n  let lines = [];\n  quote(lines, t);\n  quote([(x) => x], { of: (line) => line });\n});\n";
    expect(found({ 'test/quote.test.js': test }).map((args) => args.map((arg) => arg.code))).toEqual([
      ['[(x) => x]', '{ of: (line) => line }'],
    ]);
  });

  it('reads no file that is not a test', () => {
    expect(found({ 'src/other.js': "import { quote } from './quote.js';\nquote([1], {});\n" })).toEqual([]);
  });
});
