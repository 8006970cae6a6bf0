import { authorizationAt, credentialsAt, userOptionAt } from './credentials.ts';
import { valuesOfKey, valuesOfProvider } from './key-values.ts';
import { LiteralAutomaton, type LiteralHits } from './literal-automaton.ts';
import { isRun, opaqueTokens } from './opaque-tokens.ts';
import { privateKeyAt } from './private-keys.ts';
import { providers } from './providers.ts';
import { joinSpans, type SecretSpan } from './secret-span.ts';
import { keyHints } from './sensitive-keys.ts';
import { type TokenShape, tokenShapes } from './token-shapes.ts';

interface Rule {
  readonly length: number;
  /** `start` and `end` of the literal; `from`: what is before it was looked at. */
  find(line: string, start: number, end: number, from: number): SecretSpan[];
}

const literals: string[] = [];
const rules: Rule[] = [];
const add = (literal: string, find: Rule['find']): void => {
  literals.push(literal);
  rules.push({ length: literal.length, find });
};

const ESCAPE = 0;
add('\\u', () => []);
for (const shape of tokenShapes) {
  const find = tokenFinder(shape);
  for (const literal of shape.literals) add(literal, find);
}
for (const hint of keyHints) add(hint, valuesOfKey);
for (const provider of providers) add(provider, valuesOfProvider);
add('://', credentialsAt);
for (const scheme of ['bearer ', 'basic ', 'digest ', 'token ', 'apikey ', 'negotiate ', 'ntlm ']) add(scheme, authorizationAt);
for (const option of ['-u ', '-u"', "-u'", '--user ', '--user=']) add(option, userOptionAt);
for (const begin of ['-----begin ', '---- begin ']) {
  add(begin, (line, start) => {
    const key = privateKeyAt(line, start);
    return key === undefined ? [] : [{ ...key, kind: 'private-key', quote: false }];
  });
}

const automaton = new LiteralAutomaton(literals);

/** Finds the secrets of lines. Holds the hits of the line that was looked at last. */
export class SecretSearch {
  readonly #hits: LiteralHits = { count: 0, ids: [], ends: [] };

  /** The one pass. `mayHide`: the line may hold what a person does not see. */
  look(line: string): { mayHide: boolean } {
    const plain = automaton.search(line, this.#hits);
    return { mayHide: !plain || this.#hasEscape() };
  }

  #hasEscape(): boolean {
    const { count, ids } = this.#hits;
    for (let hit = 0; hit < count; hit += 1) if (ids[hit] === ESCAPE) return true;
    return false;
  }

  /** Of the line that was looked at: what is to be replaced, in order, without overlap. */
  secrets(line: string): SecretSpan[] {
    const { count, ids, ends } = this.#hits;
    const spans = opaqueTokens(line);
    let from = 0;
    for (let hit = 0; hit < count; hit += 1) {
      const rule = rules[ids[hit] ?? ESCAPE];
      const end = ends[hit] ?? 0;
      if (rule === undefined || end - rule.length < from) continue;
      for (const span of rule.find(line, end - rule.length, end, from)) {
        spans.push(span);
        from = Math.max(from, span.end);
      }
    }
    return spans.length < 2 ? spans : joinSpans(spans);
  }
}

const BACKSLASH = 92;
const PERCENT = 37;
const ESCAPED = /(?:\\[nrtbf]|%[0-9A-Fa-f]{2})$/;

function tokenFinder({ shape, before }: TokenShape): Rule['find'] {
  const pattern = new RegExp(`(?:${shape})(?![A-Za-z0-9_])`, 'y');
  return (line, literalStart) => {
    let start = literalStart;
    for (let left = before?.atMost ?? 0; left > 0 && before?.characters.test(line[start - 1] ?? '') === true; left -= 1) start -= 1;
    if (!beginsToken(line, start)) return [];
    pattern.lastIndex = start;
    const match = pattern.exec(line);
    return match === null ? [] : [{ start, end: start + match[0].length, kind: 'token', quote: false }];
  };
}

/** Not within a word, but right after a JSON escape such as `\n` or one of a URL. */
function beginsToken(line: string, start: number): boolean {
  if (!isRun(line, start - 1)) return true;
  if (line.charCodeAt(start - 2) !== BACKSLASH && line.charCodeAt(start - 3) !== PERCENT) return false;
  return ESCAPED.test(line.slice(Math.max(0, start - 3), start));
}
