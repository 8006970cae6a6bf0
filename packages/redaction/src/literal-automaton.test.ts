import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiteralAutomaton, type LiteralHits } from './literal-automaton.ts';

function search(literals: readonly string[], text: string): { found: [string, number][]; plain: boolean } {
  const hits: LiteralHits = { count: 0, ids: [], ends: [] };
  const plain = new LiteralAutomaton(literals).search(text, hits);
  const found = Array.from({ length: hits.count }, (_, hit): [string, number] => [
    literals[hits.ids[hit] ?? -1] ?? '',
    hits.ends[hit] ?? -1,
  ]);
  return { found, plain };
}

describe('LiteralAutomaton', () => {
  it('finds literals within each other and overlapping, in either case', () => {
    expect(search(['he', 'she', 'hers'], 'uSHErs').found).toEqual([
      ['she', 4],
      ['he', 4],
      ['hers', 6],
    ]);
  });

  it('finds what a search for each literal finds', () => {
    const letters = fc.constantFrom('a', 'b', 'A', '-', ' ', 'é', '\u200b');
    const text = fc.array(letters, { maxLength: 40 }).map((parts) => parts.join(''));
    const literals = fc.uniqueArray(fc.stringMatching(/^[ab-]{1,4}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(literals, text, (list, line) => {
        const lower = line.toLowerCase();
        const expected = list.flatMap((literal) =>
          Array.from(lower, (_, at) => at)
            .filter((at) => lower.startsWith(literal, at))
            .map((at) => `${literal} ${at + literal.length}`),
        );
        const { found, plain } = search(list, line);
        expect(found.map((hit) => hit.join(' ')).sort()).toEqual(expected.sort());
        expect(plain).toBe(/^[\t -~]*$/.test(line));
      }),
    );
  });

  it('refuses more different characters than it has classes for', () => {
    expect(() => new LiteralAutomaton([Array.from({ length: 90 }, (_, at) => String.fromCharCode(33 + at)).join('')])).toThrow(RangeError);
  });
});
