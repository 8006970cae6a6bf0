import { createHash } from 'node:crypto';
import type { MinerState } from '@selfheal/contracts';
import { type Token, tokenise } from './tokens.ts';

export interface Mined {
  templateId: string;
  variables: string[];
  isNew: boolean;
}

interface Template {
  id: string;
  tokens: string[];
  count: number;
}

const VERSION = 1;
const WILDCARD = '<*>';
const SIMILARITY = 0.5;
const EXACT = 0.7;
const MAX_TEMPLATES = 2_000;
const MAX_CACHED = 8_192;

/**
 * Mines the constant part of log texts, streaming, with a parse tree of fixed depth after Drain (He, Zhu, Zheng, Lyu: "Drain: An
 * Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017), its variables typed by form first. Leaves are found by number of
 * tokens and the first constant token; in a leaf the most similar template takes the text and its differing tokens become `<*>`.
 * Deterministic: equal state and texts give equal templates. The least used are dropped beyond 2,000.
 */
export class TemplateMiner {
  readonly #leaves = new Map<string, Template[]>();
  readonly #cache = new Map<string, Template>();
  #size = 0;

  constructor(state?: MinerState) {
    if (state?.version !== VERSION) return;
    for (const { id, tokens, count } of state.templates) this.#add({ id, tokens: [...tokens], count });
  }

  mine(text: string): Mined {
    const tokens = tokenise(text);
    const shapes = tokens.map((token) => token.shape);
    const key = shapes.join(' ');
    const cached = this.#cache.get(key);
    const found = cached ?? this.#mostSimilar(shapes);
    const template = found ?? this.#add({ id: idOf(key), tokens: shapes, count: 0 });
    if (found !== undefined && cached === undefined) generalise(template, shapes);
    if (cached === undefined) this.#remember(key, template);
    template.count += 1;
    return { templateId: template.id, variables: variablesOf(template.tokens, tokens), isNew: found === undefined };
  }

  /** The templates, most used first. */
  state(): MinerState {
    const templates = [...this.#leaves.values()].flat().sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
    return { version: VERSION, templates: templates.map(({ id, tokens, count }) => ({ id, tokens: [...tokens], count })) };
  }

  #mostSimilar(shapes: readonly string[]): Template | undefined {
    let best: Template | undefined;
    let bestScore = -1;
    for (const template of this.#leaves.get(leafOf(shapes)) ?? []) {
      const score = similarity(template.tokens, shapes);
      if (score > bestScore) [best, bestScore] = [template, score];
    }
    // Two words that share one are two messages ("request completed", "request failed").
    return bestScore > (shapes.length <= 2 ? EXACT : SIMILARITY) ? best : undefined;
  }

  #add(template: Template): Template {
    if (this.#size >= MAX_TEMPLATES) this.#evict();
    const leaf = leafOf(template.tokens);
    const templates = this.#leaves.get(leaf);
    // An id is given for the text that began a template. Where that has grown away from it, the text may begin another.
    let id = template.id;
    while (templates?.some((other) => other.id === id)) id = idOf(`${id} ${template.tokens.join(' ')}`);
    const added = { ...template, id };
    if (templates === undefined) this.#leaves.set(leaf, [added]);
    else templates.push(added);
    this.#size += 1;
    return added;
  }

  /** Drops the least used tenth at once, so that a stream of unique texts costs no sort each. */
  #evict(): void {
    const keep = this.state().templates.slice(0, MAX_TEMPLATES - MAX_TEMPLATES / 10);
    this.#leaves.clear();
    this.#cache.clear();
    this.#size = 0;
    for (const template of keep) this.#add(template);
  }

  #remember(key: string, template: Template): void {
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(key, template);
  }
}

/** The text with its variables, taken in order, as `<*>`: the template where only an event is at hand. */
export function templateOfEvent(text: string, variables: readonly string[]): string {
  let result = '';
  let at = 0;
  for (const variable of variables) {
    const found = variable === '' ? -1 : text.indexOf(variable, at);
    if (found < 0) continue;
    result += text.slice(at, found) + WILDCARD;
    at = found + variable.length;
  }
  return (result + text.slice(at)).replace(/\s+/g, ' ').slice(0, 500);
}

function leafOf(shapes: readonly string[]): string {
  const first = shapes[0] ?? '';
  return `${shapes.length} ${first.includes(WILDCARD) ? WILDCARD : first}`;
}

/** Share of equal tokens; a wildcard of the template fits all, but counts for less than an equal word. */
function similarity(template: readonly string[], shapes: readonly string[]): number {
  if (shapes.length === 0) return 1;
  let equal = 0;
  for (const [index, token] of template.entries()) {
    const shape = shapes[index] ?? '';
    if (token === shape) equal += 1;
    else if (token === WILDCARD) equal += 0.5;
  }
  return equal / shapes.length;
}

function generalise(template: Template, shapes: readonly string[]): void {
  for (const [index, shape] of shapes.entries()) if (template.tokens[index] !== shape) template.tokens[index] = WILDCARD;
}

function variablesOf(template: readonly string[], tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => (template[index] === token.shape ? token.values : [token.text]));
}

function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}
