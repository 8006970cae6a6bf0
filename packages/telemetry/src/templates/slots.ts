import { ANY, TYPED } from './shape.ts';

/** Where in a token a value stands: behind `=` or `:`, within a bracket or quotes, or a name that is no word of prose. */
export type SlotKind = 'pair' | 'frame' | 'name';

/** A token parted into what stays and its slots: `user=root,` is `user=`, slot, `,`. */
export interface Slotted {
  /** The token with ANY for each slot. */
  skeleton: string;
  readonly values: readonly string[];
  readonly kinds: readonly SlotKind[];
}

/** Most tokens are words of prose. */
const WORD = /^[A-Za-z]+$/;
const NONE: readonly never[] = [];
const FRAMED = /"[^"]*"|'[^']*'|\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/;
const COLON_PAIR = /^([A-Za-z_()]+:+)([^:]+?)([,.;]?)$/;
const TRIMMED = /^([([{<"']*)(.*?)([)\]}>"',.;:!?]*)$/s;
const MARKED = /[\d\ue000\ue001]|[A-Za-z][./\\@_$|][A-Za-z.]|^\.\.?\//;
/** `total......1`: dots that lead from a label to its value, as in a printed table, do not make a name. */
const LEADER = /.\.\./;

/** Parts a token. The first token of a text is no slot as a whole: it names what happened. */
export function slotted(token: string, first: boolean): Slotted {
  if (WORD.test(token)) return { skeleton: token, values: NONE, kinds: NONE };
  if (token.includes('=')) return pairs(token);
  const framed = FRAMED.exec(token);
  if (framed !== null) {
    const start = framed.index + 1;
    const end = framed.index + framed[0].length - 1;
    return { skeleton: token.slice(0, start) + ANY + token.slice(end), values: [token.slice(start, end)], kinds: ['frame'] };
  }
  const [, key, value, behind] = COLON_PAIR.exec(token) ?? [];
  if (key !== undefined && value !== undefined) return { skeleton: key + ANY + (behind ?? ''), values: [value], kinds: ['pair'] };
  const [, before = '', name = '', after = ''] = TRIMMED.exec(token) ?? [];
  if (first || name === '' || !MARKED.test(name) || LEADER.test(name)) return { skeleton: token, values: [], kinds: [] };
  return { skeleton: before + ANY + after, values: [name], kinds: ['name'] };
}

/** The token with the slots' values filled in. */
export function filled(skeleton: string, values: readonly string[]): string {
  let slot = 0;
  return skeleton.replaceAll(ANY, () => values[slot++] ?? ANY);
}

/** Whether a token holds a word that tells what the text is about. */
export function hasWord(token: string): boolean {
  return /[A-Za-z]{2}/.test(token);
}

/** Whether a token is a word of the message itself: not the key of a value (`trace:`, `user=`), of which all messages may have the same. */
export function isContext(token: string): boolean {
  return hasWord(token) && !token.includes('=') && !token.endsWith(':');
}

/** A token that is a variable and nothing else. */
export function isBare(token: string): boolean {
  return token === ANY || token === TYPED;
}

/** All `key=value` of a token. A value goes to the next `,` `;` `|` `&` outside brackets, or to a bracket that it did not open. */
function pairs(token: string): Slotted {
  let skeleton = '';
  const values: string[] = [];
  const kinds: SlotKind[] = [];
  let at = 0;
  for (let equals = token.indexOf('='); equals >= 0; equals = token.indexOf('=', at)) {
    let start = equals + 1;
    const stop = valueEnd(token, start);
    let end = stop;
    if (token[start] === '"' && end > start + 1 && token[end - 1] === '"') {
      start += 1;
      end -= 1;
    }
    skeleton += token.slice(at, start) + ANY + token.slice(end, stop);
    values.push(token.slice(start, end));
    kinds.push('pair');
    at = stop;
  }
  skeleton += token.slice(at);
  return { skeleton, values, kinds };
}

function valueEnd(token: string, start: number): number {
  let depth = 0;
  for (let at = start; at < token.length; at += 1) {
    const mark = token[at] ?? '';
    if ('([{'.includes(mark)) depth += 1;
    else if (')]}'.includes(mark)) {
      if (depth === 0) return at;
      depth -= 1;
    } else if (depth === 0 && ',;|&'.includes(mark)) return at;
  }
  return token.length;
}
