import { expect, it } from 'vitest';
import { joinStates } from './join-states.ts';
import { TemplateMiner } from './miner.ts';

it('joins what two runs learned from the same beginning, and counts that beginning once', () => {
  const beginning = learned(undefined, ['disk 1 is full', 'disk 2 is full']);
  const one = learned(beginning, ['disk 3 is full', 'user 4 signed in']);
  const other = learned(beginning, ['disk 5 is full', 'disk 6 is full', 'cache 7 was cleared']);
  const joined = joinStates(one, other);
  expect(countsOf(joined)).toEqual([
    ['cache <*> was cleared', 1],
    ['disk <*> is full', 4],
    ['user <*> signed in', 1],
  ]);
  expect(new Set(joined.templates.map(({ id }) => id))).toEqual(new Set([...one.templates, ...other.templates].map(({ id }) => id)));
});

type State = ReturnType<TemplateMiner['state']>;

function learned(state: State | undefined, texts: readonly string[]): State {
  const miner = new TemplateMiner(state);
  for (const text of texts) miner.mine(text);
  return miner.state();
}

function countsOf({ templates }: State): [string, number][] {
  const written = templates.map(({ tokens, count }): [string, number] => [tokens.join(' ').replace(/[\ue000\ue001]+/g, '<*>'), count]);
  return written.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}
