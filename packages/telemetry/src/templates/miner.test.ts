import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TemplateMiner } from './miner.ts';

const templatesOf = (miner: TemplateMiner, texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => miner.templateOf(text).template)),
];
const mined = (texts: readonly string[]): string[] => {
  const miner = new TemplateMiner();
  for (const text of texts) miner.mine(text);
  return templatesOf(miner, texts);
};
const names = ['alice', 'bob', 'carol', 'dave', 'erin'];

describe('TemplateMiner', () => {
  it.each<[string[], string[]]>([
    [['user 12 logged in from 10.0.0.1:80', 'user 7 logged in from 10.2.0.1:81'], ['user <*> logged in from <*>:<*>']],
    [names.map((name) => `sent mail to ${name} in the evening`), ['sent mail to <*> in the evening']],
    [names.map((name) => `login failed; user=${name}, tries=3`), ['login failed; user=<*>, tries=<*>']],
    [['value ws=null set', 'value ws=Source{12} set'], ['value ws=<*> set']],
    [['mount of lab7 failed', 'mount of lab12 failed'], ['mount of lab<*> failed']],
    [['call from 1.2.3.4 () closed', 'call from 1.2.3.4 (a.example) closed'], ['call from <*> (<*>) closed']],
    [
      ['job started at once', 'job stopped at once'],
      ['job started at once', 'job stopped at once'],
    ],
    [
      ['overlap:true now', 'overlap:false now'],
      ['overlap:true now', 'overlap:false now'],
    ],
    [
      ['request completed', 'request failed', 'cart is empty'],
      ['request completed', 'request failed', 'cart is empty'],
    ],
    [names.map((name) => `trace: 7 ${name} ran`), names.map((name) => `trace: <*> ${name} ran`)],
  ])('makes of %j %j', (texts, templates) => {
    expect(mined(texts)).toEqual(templates);
  });

  it('finds several words that vary at once, though no two texts differ in one', () => {
    const word = (n: number): string => n.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    const texts = Array.from({ length: 200 }, (_, n) => `Moved file w${word(n)} of u${word(n + 300)} to v${word(n * 7)} done`);
    expect(mined(texts)).toEqual(['Moved file <*> of <*> to <*> done']);
  });

  it('gives the variables in order, a number with its fraction as one', () => {
    const miner = new TemplateMiner();
    for (const name of names) miner.mine(`sent ${name} 1.5 KB to "10.0.0.1" id=x`);
    expect(miner.mine('sent zoe 2.5 KB to "10.0.0.2" id=x').variables).toEqual(['zoe', '2.5', '10.0.0.2']);
  });

  it('says what is new, and counts what was merged', () => {
    const miner = new TemplateMiner();
    expect(names.slice(0, 4).map((name) => miner.mine(`sent mail to ${name} in the evening`).isNew)).toEqual([true, true, true, false]);
    expect(miner.drift()).toEqual({ added: 4, merged: 3, evicted: 0 });
    expect(miner.mine('sent mail to zoe in the evening').isNew).toBe(false);
  });

  it('tells which ids ended, and which took them over', () => {
    const miner = new TemplateMiner();
    const ids = names.map((name) => miner.mine(`sent mail to ${name} in the evening`).templateId);
    const renamed = miner.takeRenamed();
    const into = ids.at(-1);
    expect(renamed.every((change) => change.into === into && change.from !== into)).toBe(true);
    expect(new Set([...renamed.map(({ from }) => from), into])).toEqual(new Set([...ids, ...renamed.map(({ from }) => from)]));
    expect(miner.takeRenamed()).toEqual([]);
  });

  it('keeps which ids became which over restarts, and gives none of them again', () => {
    const first = new TemplateMiner();
    const [id = ''] = names.slice(0, 2).map((name) => first.mine(`sent mail to ${name} in the evening`).templateId);
    const second = new TemplateMiner(JSON.parse(JSON.stringify(first.state())));
    const last = names.slice(1).map((name) => second.mine(`sent mail to ${name} in the evening`).templateId);
    const into = last.at(-1) ?? '';
    expect(second.state().renamed).toMatchObject(id === into ? {} : { [id]: into });
    const third = new TemplateMiner(JSON.parse(JSON.stringify(second.state())));
    expect(third.state()).toEqual(second.state());
    const ended = Object.keys(third.state().renamed ?? {});
    expect(ended).toHaveLength(3);
    third.merge({ version: 2, templates: [{ id: ended[0] ?? '', tokens: ['something', 'else', 'entirely'], count: 1 }] });
    expect(third.state().templates.map((template) => template.id)).not.toContain(ended[0]);
  });

  const words = fc.constantFrom('order', 'cart', '12', 'x7', 'paid', 'lost', '/a/b', 'k=v', 'k=w', '(on)');
  const texts = fc.array(
    fc.array(words, { maxLength: 6 }).map((list) => list.join(' ')),
    { maxLength: 40 },
  );

  it('goes on from its state as if it had not stopped', () => {
    fc.assert(
      fc.property(texts, fc.nat(40), (list, cut) => {
        const whole = new TemplateMiner();
        const ids = list.map((text) => whole.mine(text).templateId);
        const first = new TemplateMiner();
        const head = list.slice(0, cut).map((text) => first.mine(text).templateId);
        const second = new TemplateMiner(JSON.parse(JSON.stringify(first.state())));
        const tail = list.slice(cut).map((text) => second.mine(text).templateId);
        expect([...head, ...tail]).toEqual(ids);
        expect(second.state()).toEqual(whole.state());
      }),
      { numRuns: 150 },
    );
  });

  it('merges what workers learned: equal texts keep one id, counts add up', () => {
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const [a, b] = [new TemplateMiner(), new TemplateMiner()];
        for (const text of left) a.mine(text);
        for (const text of right) b.mine(text);
        a.merge(b.state());
        expect(a.state().templates.reduce((sum, { count }) => sum + count, 0)).toBe(left.length + right.length);
        const known = a.state().templates.length;
        for (const text of [...left, ...right]) a.templateOf(text);
        expect(a.state().templates.length).toBe(known);
      }),
      { numRuns: 150 },
    );
  });

  it('puts texts into the same groups, whichever worker takes in the other', () => {
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const minerOf = (list: readonly string[]): TemplateMiner => {
          const miner = new TemplateMiner();
          for (const text of list) miner.mine(text);
          return miner;
        };
        const [ab, ba] = [minerOf(left), minerOf(right)];
        ab.merge(minerOf(right).state());
        ba.merge(minerOf(left).state());
        const all = [...left, ...right];
        expect(templatesOf(ab, all).sort()).toEqual(templatesOf(ba, all).sort());
      }),
      { numRuns: 150 },
    );
  });

  it('stays bounded, and keeps what is used most', () => {
    const miner = new TemplateMiner();
    for (let n = 0; n < 50; n += 1) miner.mine('a message that comes often');
    const letters = (n: number): string => n.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    for (let n = 0; n < 6_000; n += 1) miner.mine(`w${letters(n)} u${letters(n)}`);
    expect(miner.state().templates.length).toBeLessThanOrEqual(4_000);
    expect(miner.drift().evicted).toBeGreaterThan(0);
    expect(miner.mine('a message that comes often').isNew).toBe(false);
  });

  it('ignores a state of another version', () => {
    expect(new TemplateMiner({ version: 1, templates: [{ id: 'x', tokens: ['a'], count: 1 }] }).state().templates).toEqual([]);
  });
});
