import { describe, expect, it } from 'vitest';
import { indexLookup } from './index-lookup.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, inner: string, path = 'a.js') =>
  repaired(indexLookup, { files: { [path]: text }, at: inner, category: 'quadratic-loop', type: 'performance', data: { inner } });

/** The function `f` of a module text. */
function load(text: string): (...args: unknown[]) => unknown {
  const module: () => (...args: unknown[]) => unknown = new Function(`${text}\nreturn f;`) as never;
  return module();
}

const cases: [string, string, string, unknown[][]][] = [
  [
    'membership in another list',
    'function f(a, b) {\n  const out = [];\n  for (const x of a) {\n    if (b.includes(x)) out.push(x);\n  }\n  return out;\n}\n',
    'b.includes(x)',
    [
      [
        [1, 2, 3, 2],
        [2, 3],
      ],
    ],
  ],
  [
    'membership in the list that is built',
    'function f(a) {\n  const seen = [];\n  for (const x of a) {\n    if (!seen.includes(x)) {\n      seen.push(x);\n    }\n  }\n  return seen;\n}\n',
    'seen.includes(x)',
    [[[1, 1, 2, 1, 3, 2]]],
  ],
  [
    'the same without a block',
    'function f(a) {\n  const seen = [];\n  a.forEach((x) => {\n    if (seen.indexOf(x) === -1) seen.push(x);\n  });\n  return seen;\n}\n',
    'seen.indexOf(x)',
    [[[1, 1, 2, 1, 3, 2]]],
  ],
  [
    'membership by index',
    'function f(a, b) {\n  return a.filter((x) => b.indexOf(x) !== -1);\n}\n',
    'b.indexOf(x)',
    [
      [
        [1, 2, 3],
        [3, 1],
      ],
    ],
  ],
  [
    'the first item with a key',
    'function f(a, b) {\n  return a.map((x) => b.find((y) => y.id === x.id));\n}\n',
    'b.find((y) => y.id === x.id)',
    [
      [
        [{ id: 1 }, { id: 9 }],
        [
          { id: 1, n: 'first' },
          { id: 1, n: 'second' },
        ],
      ],
    ],
  ],
  [
    'the place of a key',
    'function f(a, b) {\n  return a.map((x) => b.findIndex((y) => x.id === y.id));\n}\n',
    'b.findIndex((y) => x.id === y.id)',
    [
      [
        [{ id: 1 }, { id: 9 }],
        [{ id: 3 }, { id: 1 }, { id: 1 }],
      ],
    ],
  ],
  [
    'all items with a key',
    'function f(a, b) {\n  return a.map((x) => b.filter((y) => y.id === x.id && y.n > 1));\n}\n',
    'b.filter((y) => y.id === x.id && y.n > 1)',
    [
      [
        [{ id: 1 }, { id: 9 }],
        [
          { id: 1, n: 1 },
          { id: 1, n: 2 },
          { id: 1, n: 3 },
        ],
      ],
    ],
  ],
  [
    'whether a key is there',
    'function f(a, b) {\n  return a.filter((x) => !b.some((y) => y.id === x));\n}\n',
    'b.some((y) => y.id === x)',
    [[[1, 2, 3], [{ id: 2 }]]],
  ],
];

describe('indexLookup', () => {
  it.each(cases)('keeps what the code does: %s', (_title, text, inner, calls) => {
    const [best = ''] = of(text, inner);
    expect(best).toMatch(/new (Set|Map)\(|Map\.groupBy\(/);
    expect(best).not.toContain(inner);
    for (const args of calls) expect(load(best)(...args)).toEqual(load(text)(...args));
  });

  it('leaves a list alone that each pass makes anew or changes otherwise', () => {
    expect(
      of('function f(a) {\n  for (const x of a) {\n    const b = x.list;\n    if (b.includes(1)) go();\n  }\n}\n', 'b.includes(1)'),
    ).toEqual([]);
    expect(of('function f(a, b) {\n  for (const x of a) {\n    if (b.includes(x)) b.shift();\n  }\n}\n', 'b.includes(x)')).toEqual([]);
  });
});
