import { describe, expect, it } from 'vitest';
import { Families } from './families.ts';
import { ANY } from './shape.ts';
import type { Template } from './template.ts';

const template = (text: string): Template => ({ id: text, tokens: text.split(' '), count: 1, version: 0, mergedInto: undefined });
const shown = (renewed: Map<Template, string[]>): string[] =>
  [...renewed.values()].map((tokens) => tokens.join(' ').replaceAll(ANY, '<*>'));

describe('Families', () => {
  it('opens a slot once its values show that it varies, in all that differ there only', () => {
    const families = new Families();
    const texts = ['ada', 'bob', 'cleo', 'dan'].map((user) => template(`login of user=${user}, again`));
    const renewed = texts.map((text) => shown(families.add(text)));
    expect(renewed.slice(0, 3)).toEqual([[], [], []]);
    expect(renewed[3]).toEqual(Array.from({ length: 4 }, () => 'login of user=<*>, again'));
  });

  it('forgets what left', () => {
    const families = new Families();
    for (const user of ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay']) {
      const one = template(`login of user=${user} again`);
      expect(families.add(one).size).toBe(0);
      families.remove(one);
    }
  });

  it('passes over what it never saw', () => {
    expect(() => new Families().remove(template('a b'))).not.toThrow();
  });
});
