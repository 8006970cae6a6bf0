import type { LogTemplate, SlotType } from '@selfheal/contracts';
import { type KnownTexts, PHRASE_WORDS } from './known-texts.ts';
import type { LineToken } from './tokenise-line.ts';

type Slot = LogTemplate['slots'][number];

const LEVEL = /^(?:trace|debug|info|notice|warn|warning|error|fatal|critical|panic|emerg)$/i;
/** Names of errors and error codes of Node.js and the system; nothing that a sentence is made of. */
const ERROR_NAME = /^(?:(?:[A-Z][a-z0-9]*){1,6}(?:Error|Exception)|Error|E[A-Z0-9]{3,20}|ERR_[A-Z_]{3,40})$/;
/** Types whose values nobody can say anything with. */
const CLOSED: ReadonlySet<SlotType> = new Set<SlotType>(['number', 'duration', 'time', 'uuid', 'hex', 'ip', 'secret']);
/** Longer runs of letters could be words. */
const WORDLIKE = /\p{L}{4}/u;
const MAX_VALUE = 80;

/** The line as constant text with slots. Only what the code can have written is constant; everything else is a slot, free text without its value. */
export function logTemplateOf(tokens: readonly LineToken[], known: KnownTexts): { template: string; slots: Slot[] } {
  const constant = constantWords(tokens, known);
  const slots: Slot[] = [];
  const parts: string[] = [];
  /** Length of the free text under way, and the blanks and marks after it that belong to it only if it goes on. */
  let free = 0;
  let pending = '';
  const endFree = () => {
    if (free > 0) {
      slots.push({ type: 'text', length: free });
      parts.push('<text>');
      free = 0;
    }
    parts.push(pending);
    pending = '';
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'value') {
      endFree();
      slots.push(slotOf(token.type, token.text, known));
      parts.push(`<${token.type}>`);
    } else if (token.kind === 'space' || token.kind === 'mark') pending += token.text;
    else if (constant.has(index)) {
      endFree();
      parts.push(token.text);
    } else {
      if (free === 0) endFree();
      free += (free === 0 ? 0 : pending.length) + token.text.length;
      pending = '';
    }
  }
  endFree();
  return { template: parts.join(''), slots };
}

/** An identifier may be shown where it is too broken for words (`A17-9`), a path where it is one of the code; of the rest the length is told. */
function slotOf(type: SlotType, text: string, known: KnownTexts): Slot {
  const path = text.replace(/^(?:\.?\/)+/, '').replace(/(?::\d+){1,2}$/, '');
  const shown = CLOSED.has(type) || (type === 'identifier' && !WORDLIKE.test(text)) || (type === 'path' && known.file(path));
  return shown ? { type, value: text.slice(0, MAX_VALUE) } : { type, length: text.length };
}

/** Indexes of the words (and quoted names) that are constant. */
function constantWords(tokens: readonly LineToken[], known: KnownTexts): ReadonlySet<number> {
  const constant = new Set<number>();
  let run: number[] = [];
  const endRun = () => {
    for (const index of knownOf(run, tokens, known)) constant.add(index);
    run = [];
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'word') {
      run.push(index);
      if (LEVEL.test(token.text) || ERROR_NAME.test(token.text)) constant.add(index);
    } else if (token.kind !== 'space') endRun();
    const name = token.kind === 'quoted' ? token.text.slice(1, -1) : token.kind === 'word' ? token.text : undefined;
    if (name !== undefined && isKey(tokens, index) && /^[A-Za-z_$][\w$.-]{0,60}$/.test(name) && known.name(name)) constant.add(index);
  }
  endRun();
  return constant;
}

function knownOf(run: readonly number[], tokens: readonly LineToken[], known: KnownTexts): number[] {
  const words = run.map((index) => tokens[index]?.text ?? '');
  if (run.length < 2) return [];
  const size = Math.min(PHRASE_WORDS, run.length);
  return run.filter((_, at) => {
    for (let from = Math.max(0, at - size + 1); from <= at && from + size <= run.length; from += 1) {
      if (known.phrase(words.slice(from, from + size))) return true;
    }
    return false;
  });
}

/** `name=` or `"name":` */
function isKey(tokens: readonly LineToken[], index: number): boolean {
  const next = tokens[index + 1];
  return next?.kind === 'mark' && (next.text === '=' || next.text === ':');
}
