import { fits } from './open-token.ts';
import { ENOUGH_CONTEXT, wordsVary } from './saturation.ts';
import { ANY } from './shape.ts';
import { isBare, isContext, slotted } from './slots.ts';
import type { Template } from './template.ts';

/** Places looked at, from the beginning of a text. */
const MAX_POSITIONS = 48;
const HASHES = 2 ** 52;

/** Templates of equal length that differ in one token only. */
export interface Bundle {
  position: number;
  templates: Template[];
}

/**
 * Finds templates that differ in one word, whatever word it is, by an index of each template without each of its tokens in turn: the
 * "differ in few positions" of Drain's successors without comparing all pairs.
 */
export class Bundles {
  /** Most keys have one template only: it stands without a list, as a flood of new texts makes very many. */
  readonly #bundles = new Map<number, Template | Template[]>();
  /** Under which each template was added: told again when it leaves. */
  readonly #keys = new Map<Template, Key[]>();

  add(template: Template): void {
    const keys = keysOf(template.tokens);
    this.#keys.set(template, keys);
    for (const { hash } of keys) {
      const bundle = this.#bundles.get(hash);
      if (bundle === undefined) this.#bundles.set(hash, template);
      else if (!Array.isArray(bundle)) {
        if (bundle !== template) this.#bundles.set(hash, [bundle, template]);
      } else if (!bundle.includes(template)) bundle.push(template);
    }
  }

  remove(template: Template): void {
    for (const { hash } of this.#keys.get(template) ?? []) {
      const bundle = this.#bundles.get(hash);
      if (bundle === template) this.#bundles.delete(hash);
      if (!Array.isArray(bundle)) continue;
      const at = bundle.indexOf(template);
      if (at >= 0) bundle.splice(at, 1);
      if (bundle.length === 0) this.#bundles.delete(hash);
    }
    this.#keys.delete(template);
  }

  /** The largest set of templates with this one whose one differing token shows to be a variable. */
  mergeable(template: Template): Bundle | undefined {
    let best: Bundle | undefined;
    for (const { position, hash } of this.#keys.get(template) ?? []) {
      const bundle = this.#bundles.get(hash);
      if (!Array.isArray(bundle) || bundle.length < 2 || bundle.length <= (best?.templates.length ?? 0)) continue;
      const templates = bundle.filter((other) => differAt(template, other, position));
      const words = new Set(templates.map(({ tokens }) => tokens[position] ?? ''));
      const first = position === 0;
      if ((wordsVary(words, first) && !differInSlots(words, first)) || isOpenTo(words)) best = { position, templates };
    }
    return best;
  }
}

/** Whether the words differ in the values of their slots only: then their family decides. */
function differInSlots(words: ReadonlySet<string>, first: boolean): boolean {
  const skeletons = new Set([...words].map((word) => slotted(word, first).skeleton));
  return skeletons.size === 1;
}

/** Whether one of the words is open already, and the others fit into it. */
function isOpenTo(words: ReadonlySet<string>): boolean {
  const open = [...words].find((word) => word.includes(ANY) && !isBare(word));
  return open !== undefined && [...words].every((word) => word === open || fits(open, word));
}

interface Key {
  position: number;
  /** Hash of the other tokens and their places. */
  hash: number;
}

/**
 * One key per token that may vary. The others must tell enough of what the text is about: more of its words stay than are open, else
 * each place that opens makes texts alike that are not, until all are one.
 */
function keysOf(tokens: readonly string[]): Key[] {
  const context = tokens.map(isContext);
  const count = context.filter(Boolean).length;
  const open = tokens.filter((token) => token === ANY).length;
  const terms = tokens.map((token, position) => hashOf(token, position));
  const all = terms.reduce((sum, term) => (sum + term) % HASHES, tokens.length);
  const keys: Key[] = [];
  for (const [position, token] of tokens.slice(0, MAX_POSITIONS).entries()) {
    const stay = count - (context[position] === true ? 1 : 0);
    const opened = open + (token === ANY ? 0 : 1);
    if (stay < Math.max(ENOUGH_CONTEXT, opened)) continue;
    keys.push({ position, hash: (all - (terms[position] ?? 0) + hashOf(ANY, position) + HASHES) % HASHES });
  }
  return keys;
}

/** FNV-1a in two halves, of a token at its place: 52 bits. */
function hashOf(token: string, position: number): number {
  let high = 0x811c9dc5 ^ position;
  let low = 0x1b873593 + position;
  for (let at = 0; at < token.length; at += 1) {
    const unit = token.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 15);
  }
  return (high >>> 0) * 0x10_0000 + (Math.imul(low, 0x9e3779b1) >>> 12);
}

/** Whether two templates differ at this place only: what equal hashes promise. */
function differAt(a: Template, b: Template, position: number): boolean {
  return a.tokens.length === b.tokens.length && a.tokens.every((token, at) => at === position || token === b.tokens[at]);
}
