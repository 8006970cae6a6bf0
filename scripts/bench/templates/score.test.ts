import { describe, expect, it } from 'vitest';
import { meanScore, scoreParsing } from './score.ts';

const truth = { groups: ['1', '1', '2', '3'], templates: ['a <*>', 'a <*>', 'b', 'c'] };

describe('scoreParsing', () => {
  it('gives all for what is right', () => {
    expect(scoreParsing(truth, { ...truth, groups: ['x', 'x', 'y', 'z'] })).toEqual({ ga: 1, fga: 1, pa: 1, fta: 1 });
  });

  it('counts neither a split nor a mixed group', () => {
    const split = scoreParsing(truth, { groups: ['x', 'w', 'y', 'z'], templates: ['a 1', 'a 2', 'b', 'c'] });
    expect(split).toEqual({ ga: 0.5, fga: 4 / 7, pa: 0.5, fta: 4 / 7 });
    const mixed = scoreParsing(truth, { groups: ['x', 'x', 'y', 'y'], templates: ['a <*>', 'a <*>', '<*>', '<*>'] });
    expect(mixed).toEqual({ ga: 0.5, fga: 2 / 5, pa: 0.5, fta: 2 / 5 });
  });

  it('does not take a template for right that other lines have too', () => {
    expect(scoreParsing(truth, { groups: ['x', 'x', 'y', 'z'], templates: ['a <*>', 'a <*>', 'b', 'b'] })).toMatchObject({
      pa: 0.75,
      fta: 2 / 5,
    });
  });

  it('refuses what has another number of lines', () => {
    expect(() => scoreParsing(truth, { groups: [], templates: [] })).toThrow('0 lines were parsed, 4 are known');
  });

  it('takes the mean', () => {
    const score = { ga: 1, fga: 0, pa: 0.5, fta: 0 };
    expect(meanScore([score, { ...score, ga: 0 }])).toEqual({ ...score, ga: 0.5 });
  });
});
