import { describe, expect, it } from 'vitest';
import { hoistInvariant } from './hoist-invariant.ts';
import { memoisePure } from './memoise-pure.ts';
import { repaired } from './template-rig.ts';

const of = (text: string, expression: string, category = 'loop-invariant') =>
  repaired(hoistInvariant, {
    files: { 'a.js': text },
    at: expression,
    category,
    type: 'performance',
    data: { expression, call: expression },
  });

describe('hoistInvariant', () => {
  it('computes before the loop what does not change in it', () => {
    const text =
      'function f(items, rules) {\n  const out = [];\n  for (const item of items) {\n    const active = rules.filter((rule) => rule.on);\n    out.push(active.length + item);\n  }\n  return out;\n}\n';
    const [best] = of(text, 'rules.filter((rule) => rule.on)');
    expect(best).toContain('  const active = rules.filter((rule) => rule.on);\n  for (const item of items) {\n    out.push(active');
  });

  it('computes for the module what depends on nothing', () => {
    const text = "function f(prices) {\n  return prices.map((price) => new Intl.NumberFormat('de').format(price));\n}\n";
    const all = of(text, "new Intl.NumberFormat('de')");
    expect(all[0]).toContain(
      "  const numberFormat = new Intl.NumberFormat('de');\n  return prices.map((price) => numberFormat.format(price));",
    );
    expect(all[1]).toContain("const numberFormat = new Intl.NumberFormat('de');\nfunction f(prices)");
  });

  it('leaves alone what uses the item or what the loop changes', () => {
    expect(of('function f(a, b) {\n  for (const x of a) use(b.filter((y) => y === x));\n}\n', 'b.filter((y) => y === x)')).toEqual([]);
    expect(of('function f(a, b) {\n  for (const x of a) {\n    b.push(x);\n    use(Object.keys(b));\n  }\n}\n', 'Object.keys(b)')).toEqual(
      [],
    );
  });

  it('keeps the value of a call that stands there twice', () => {
    const text = 'function f(order) {\n  if (total(order) > 10) return total(order);\n  return 0;\n}\n';
    const [best] = of(text, 'total(order)', 'repeated-pure-call');
    expect(best).toContain('  const found = total(order);\n  if (found > 10) return found;');
  });
});

describe('memoisePure', () => {
  it('computes each result of a recursion once', () => {
    const text = 'function fib(n) {\n  calls += 1;\n  return n < 2 ? n : fib(n - 1) + fib(n - 2);\n}\n';
    const [best = ''] = repaired(memoisePure, {
      files: { 'a.js': text },
      at: 'function fib',
      category: 'repeated-pure-call',
      type: 'performance',
      data: { kind: 'recursion' },
    });
    const module: () => number[] = new Function(`let calls = 0;\n${best}\nreturn [fib(25), calls];`) as never;
    expect(module()).toEqual([75025, 26]);
  });
});
