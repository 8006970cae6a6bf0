import { type Draft, firstFault, lineAround, type Recovery, spliced, type Variant } from './recovery.ts';

const TOKENS = [')', ']', '}', '(', '[', '{', ',', ';', ':', '=', '=>', '.', '+', ' from ', ' of ', ' in ', 'const ', '&&', '||'];
const OPENERS = new Set(['(', '[', '{']);
/** Distance, in characters, at which a place costs one more. */
const FAR = 40;

export const wrongToken: Recovery = {
  name: 'wrong-token',
  source: 'least-cost recovery: a token put in, taken out or exchanged (Corchuelo et al., TOPLAS 2002)',
  *propose(draft): Generator<Variant> {
    const { text } = draft;
    for (const at of new Set(draft.faults.slice(0, 3).map(({ start }) => start))) {
      const expected = new Set(
        draft.faults.flatMap(({ start, message }) =>
          start === at ? [...message.matchAll(/'([^']{1,3})' expected/g)].map(([, token]) => token) : [],
        ),
      );
      const from = lineAround(text, Math.max(0, lineAround(text, at).start - 1)).start;
      const { end } = lineAround(text, at);
      for (const place of tokensOf(text, from, end)) yield* around(text, at, place, expected);
    }
    yield* forHeader(draft);
  },
};

interface Token {
  readonly start: number;
  readonly end: number;
}

function tokensOf(text: string, from: number, to: number): Token[] {
  return [...text.slice(from, to).matchAll(/[\w$]+|=>|&&|\|\||[=!]==?|\+\+|--|[^\s\w]/g)].map((match) => ({
    start: from + match.index,
    end: from + match.index + match[0].length,
  }));
}

function* around(text: string, at: number, { start, end }: Token, expected: ReadonlySet<string | undefined>): Generator<Variant> {
  const near = Math.min(Math.abs(start - at), Math.abs(end - at)) / FAR;
  const now = text.slice(start, end);
  const endsLine = /^[ \t]*(\n|$)/.test(text.slice(end));
  for (const token of TOKENS) {
    const wanted = expected.has(token.trim()) ? 0.5 : 1;
    // Separators stand at the end of a line; in the middle of one they are rarely what is missing.
    const odd = (token === ';' || token === ',') && !endsLine ? 0.2 : 0;
    if (OPENERS.has(token)) yield [spliced(text, start, start, token), wanted + near];
    else yield [spliced(text, end, end, token === ':' || token === ',' ? withSpace(text, end, token) : spaced(token)), wanted + near + odd];
    if (now !== token && now.length <= 2 && !/\w/.test(now) && token.trim().length <= 2)
      yield [spliced(text, start, end, token.trim()), wanted + near + 0.15];
  }
  yield [spliced(text, start, end, '').replace(/(\S) {2,}(?=\S)/, '$1 '), (/\w/.test(now) ? 1.1 : 0.85) + near];
}

function withSpace(text: string, at: number, token: string): string {
  return text[at] === ' ' && token === ':' ? ':' : token;
}

function spaced(token: string): string {
  return token === '=>' || token === '=' || token === '&&' || token === '||' ? ` ${token}` : token;
}

/** `for (let i = 0, i < n, i++)`: all separators of the header at once. */
function* forHeader(draft: Draft): Generator<Variant> {
  const { text } = draft;
  const { start, end } = lineAround(text, firstFault(draft));
  const line = text.slice(start, end);
  const [, head = '', body = '', tail = ''] = /^(.*\bfor\s*\()([^()]*(?:\([^()]*\)[^()]*)*)(\).*)$/.exec(line) ?? [];
  if (head === '') return;
  const parts = body.split(/[,;:]/);
  if (parts.length === 3) yield [spliced(text, start, end, head + parts.join(';') + tail), 0.5];
}
