import { describe, expect, it } from 'vitest';
import { Bundles } from './bundles.ts';
import { ANY } from './shape.ts';
import type { Template } from './template.ts';

const template = (text: string): Template => ({ id: text, tokens: text.split(' '), count: 1, version: 0, mergedInto: undefined });

function bundled(texts: readonly string[]): { position: number; size: number } | undefined {
  const bundles = new Bundles();
  const all = texts.map(template);
  for (const one of all) bundles.add(one);
  const found = all[0] === undefined ? undefined : bundles.mergeable(all[0]);
  return found === undefined ? undefined : { position: found.position, size: found.templates.length };
}

describe('Bundles', () => {
  it.each<[string, string[], { position: number; size: number } | undefined]>([
    ['four words at one place', ['a', 'b', 'c', 'd'].map((word) => `mail to ${word}x sent`), { position: 2, size: 4 }],
    ['three words', ['a', 'b', 'c'].map((word) => `mail to ${word}x sent`), undefined],
    ['a word where another has a variable', [`mail to ${ANY} sent`, 'mail to me sent'], { position: 2, size: 2 }],
    ['four events', ['opened', 'closed', 'moved', 'lost'].map((word) => `${word} the order list`), undefined],
    ['four machines in front', ['a', 'b', 'c', 'd'].map((word) => `${word}.example:80 took the order`), { position: 0, size: 4 }],
    ['too few other words', ['a', 'b', 'c', 'd'].map((word) => `mail ${word}x`), undefined],
    ['two places at once', ['a', 'b', 'c', 'd'].map((word) => `mail to ${word}x from ${word}y sent`), undefined],
  ])('of %s', (_what, texts, found) => {
    expect(bundled(texts)).toEqual(found);
  });

  it('forgets what left', () => {
    const bundles = new Bundles();
    const all = ['a', 'b', 'c', 'd'].map((word) => template(`mail to ${word}x sent`));
    for (const one of all) bundles.add(one);
    for (const one of all.slice(0, 3)) bundles.remove(one);
    expect(all.map((one) => bundles.mergeable(one))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
