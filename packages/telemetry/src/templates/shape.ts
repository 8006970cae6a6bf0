import type { Scanner } from './scanner.ts';

/** Stands in a shape for a variable that its form gave away. */
export const TYPED = '\ue001';
/** Stands in a template for whatever differed between the texts it was made of. */
export const ANY = '\ue000';
export const WILDCARD = '<*>';

/** A text without its typed variables: what texts of one statement have in common, but for words that vary. */
export interface Shape {
  tokens: string[];
  /** Which token of the scanner each came from: fewer than that has, where repeated ones were folded. */
  from: number[];
}

const MARKS = /[\ue000\ue001]/g;
const MARK = /[\ue000\ue001]/;
const NAMED = /[A-Za-z]/;
const MAX_TOKEN = 512;
const LONG_LIST = 5;

/** The shape of the text scanned last. Lists (`row_1 row_2 row_3`) count as one token, so that their length makes no difference. */
export function shapeOf(written: string, scanner: Scanner): Shape {
  const text = MARK.test(written) ? written.replace(MARKS, '?') : written;
  const { tokenStart, tokenEnd, variableStart, variableEnd, variables } = scanner;
  const tokens: string[] = [];
  const from: number[] = [];
  let variable = 0;
  for (let token = 0; token < scanner.tokens; token += 1) {
    const end = tokenEnd[token] ?? 0;
    let shape = '';
    let at = tokenStart[token] ?? 0;
    for (; variable < variables && (variableStart[variable] ?? 0) < end; variable += 1) {
      shape += text.slice(at, variableStart[variable]) + TYPED;
      at = variableEnd[variable] ?? end;
    }
    shape += text.slice(at, end);
    tokens.push(shape.length > MAX_TOKEN ? shape.slice(0, MAX_TOKEN) : shape);
    from.push(token);
  }
  return foldLists({ tokens, from });
}

/** The text of a template: `<*>` for variables, runs of them as one. */
export function templateText(tokens: readonly string[]): string {
  return tokens.join(' ').replace(/[\ue000\ue001]+/g, WILDCARD);
}

/** Named values (`row_<*> row_<*>`) are a list from two on, bare ones (`<*> <*> <*> <*>`) only where they are many. */
function foldLists(shape: Shape): Shape {
  const { tokens, from } = shape;
  if (!tokens.some((token, index) => token === tokens[index + 1])) return shape;
  const keep: number[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] ?? '';
    let end = at + 1;
    while (end < tokens.length && tokens[end] === token) end += 1;
    const list = token.includes(TYPED) && end - at >= (NAMED.test(token) ? 2 : LONG_LIST);
    for (let index = at; index < (list ? at + 1 : end); index += 1) keep.push(index);
    at = end;
  }
  if (keep.length === tokens.length) return shape;
  const pick = <T>(values: readonly T[]): T[] => keep.flatMap((index) => values.slice(index, index + 1));
  return { tokens: pick(tokens), from: pick(from) };
}
