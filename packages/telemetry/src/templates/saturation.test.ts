import { describe, expect, it } from 'vitest';
import { openValue, openWord, varies, wordsVary } from './saturation.ts';
import { ANY, TYPED } from './shape.ts';
import type { SlotKind } from './slots.ts';

const shown = (text: string): string => text.replaceAll(ANY, '<*>');

describe('varies', () => {
  it.each<[string[], SlotKind, number, boolean]>([
    [['a'], 'pair', 5, false],
    [['a', 'b', 'c'], 'pair', 5, false],
    [['a', 'b', 'c', 'd'], 'pair', 5, true],
    [['a', 'b', 'c', 'd'], 'pair', 1, false],
    [['a', 'b', 'c', 'd'], 'pair', 0, false],
    [['on', TYPED], 'pair', 5, true],
    [['on', 'null'], 'pair', 5, true],
    [['a/b', 'c'], 'frame', 5, true],
    [['lab7', 'lab12'], 'name', 5, true],
    [['true', 'false'], 'pair', 5, false],
  ])('of %j as a %s beside %j words is %j', (values, kind, words, result) => {
    expect(varies(new Set(values), kind, words)).toBe(result);
  });
});

describe('wordsVary', () => {
  it.each<[string[], boolean, boolean]>([
    [['a', 'b', 'c'], false, false],
    [['a', 'b', 'c', 'd'], false, true],
    [['a', 'b', 'c', 'd'], true, false],
    [['a.x', 'b/y', 'c@z', 'd.x:80'], true, true],
    [['a', ANY], true, true],
  ])('of %j, first %j, is %j', (words, first, result) => {
    expect(wordsVary(new Set(words), first)).toBe(result);
  });
});

describe('what is open', () => {
  it.each<[string[], string]>([
    [['lab7', 'lab12'], 'lab<*>'],
    [['a', 'b'], '<*>'],
  ])('of the values %j is %j', (values, open) => {
    expect(shown(openValue(new Set(values)))).toBe(open);
  });

  it.each<[string[], string]>([
    [['(a)', '(b)'], '(<*>)'],
    [['user=ada,', 'user=bob,'], 'user=<*>,'],
    [['ada', 'abe'], '<*>'],
    [['"a"', '"aa"'], '"<*>"'],
    [['x', 'x.y'], '<*>'],
  ])('of the words %j is %j', (words, open) => {
    expect(shown(openWord(words))).toBe(open);
  });
});
