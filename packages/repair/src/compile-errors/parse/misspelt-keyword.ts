import { editDistance } from '../../locate/edit-distance.ts';
import { firstFault, lineAround, type Recovery, spliced, type Variant } from './recovery.ts';

const KEYWORDS =
  'async await break case catch class const continue default delete do else export extends false finally for from function if implements import in instanceof interface let new null of return static super switch this throw true try type typeof undefined var void while yield'.split(
    ' ',
  );

export const misspeltKeyword: Recovery = {
  name: 'misspelt-keyword',
  source: 'typing errors are one insertion, deletion, substitution or transposition in over 80 % (Damerau, CACM 1964)',
  *propose(draft): Generator<Variant> {
    const { text } = draft;
    const at = firstFault(draft);
    const { end } = lineAround(text, at);
    const before = lineAround(text, Math.max(0, lineAround(text, at).start - 1)).start;
    for (const match of text.slice(before, end).matchAll(/[A-Za-z]+/g)) {
      const [word] = match;
      const start = before + match.index;
      if (KEYWORDS.includes(word)) continue;
      for (const keyword of KEYWORDS) {
        const distance = editDistance(word.toLowerCase(), keyword);
        const isNear = word.length > 2 && distance <= (keyword.length > 4 ? 2 : 1) && distance < keyword.length - 1;
        if (isNear || word.toLowerCase() === keyword) yield [spliced(text, start, start + word.length, keyword), 0.2 + 0.2 * distance];
      }
      // `elseif`, `returnvalue`: two words run together.
      for (const keyword of KEYWORDS) {
        if (word.startsWith(keyword) && word.length > keyword.length + 1)
          yield [spliced(text, start, start + word.length, `${keyword} ${word.slice(keyword.length)}`), 0.6];
      }
    }
  },
};
