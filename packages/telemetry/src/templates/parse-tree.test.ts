import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseTree } from './parse-tree.ts';
import { ANY } from './shape.ts';
import type { Template } from './template.ts';

const template = (text: string): Template => ({
  id: text,
  tokens: text.replaceAll('<*>', ANY).split(' '),
  count: 0,
  version: 0,
  mergedInto: undefined,
});

function treeOf(...texts: string[]): (text: string) => string | undefined {
  const tree = new ParseTree();
  for (const text of texts) tree.add(template(text));
  return (text) => tree.find(text.split(' '))?.id;
}

describe('ParseTree', () => {
  it('tries equal words before open ones, and the most telling of these first', () => {
    const find = treeOf('a <*> c', 'a b c', 'a x=<*> c', 'a <*> d');
    expect(['a b c', 'a x=1 c', 'a z c', 'a b d', 'a b e', 'a b', ''].map(find)).toEqual([
      'a b c',
      'a x=<*> c',
      'a <*> c',
      'a <*> d',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives the template that took another in', () => {
    const tree = new ParseTree();
    const [one, all] = [template('a b'), template('a <*>')];
    tree.add(one);
    tree.add(all);
    one.mergedInto = all;
    expect(tree.find(['a', 'b'])).toBe(all);
  });

  it('finds each text that it holds', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd=e'), { minLength: 1, maxLength: 5 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (texts) => {
        const find = treeOf(...new Set(texts));
        for (const text of texts) expect(find(text)).toBe(text);
      }),
    );
  });

  it('gives up on a text that too many paths fit in part', () => {
    const texts = Array.from({ length: 2 ** 10 }, (_, n) =>
      [...n.toString(2).padStart(10, '0')].map((bit) => (bit === '0' ? '<*>' : '<*>a')).join(' '),
    );
    const find = treeOf(...texts.map((text) => `${text} end`));
    expect(find(`${'xa '.repeat(10)}other`)).toBeUndefined();
  });
});
