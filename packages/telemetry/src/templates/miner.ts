import type { MinerState } from '@selfheal/contracts';
import { fits } from './open-token.ts';
import { Scanner } from './scanner.ts';
import { ANY, type Shape, shapeOf, TYPED, templateText } from './shape.ts';
import { ShapeCache } from './shape-cache.ts';
import { current, type Template } from './template.ts';
import { type Drift, type Renamed, TemplateStore } from './template-store.ts';

export interface Mined {
  templateId: string;
  variables: string[];
  isNew: boolean;
}

interface Known {
  template: Template;
  version: number;
  /** Tokens of the text that stand where the template is open, and the template's tokens there. */
  open: { token: number; last: number; pattern: string }[];
}

const VERSION = 2;
/** Characters of a text that are looked at: templates are told apart by their beginnings. */
const MAX_TEXT = 4_096;
const MAX_TEMPLATES = 4_000;
const MAX_KNOWN = 16_384;

/**
 * Mines the constant part of log texts, streaming. A text is scanned once: typed variables are found by form and the rest is hashed; a
 * hash seen before gives its template at once. Else the parse tree is asked, and only what it does not know is learned.
 * Deterministic: equal state and texts give equal templates, in bounded memory.
 */
export class TemplateMiner {
  readonly #scanner = new Scanner();
  readonly #known = new ShapeCache<Known>(MAX_KNOWN);
  readonly #store = new TemplateStore(MAX_TEMPLATES);
  /** Values of the text at hand, and how many. One list for all: each event gets a copy of the length that it needs. */
  readonly #values: string[] = [];
  #found = 0;
  #evicted = 0;

  constructor(state?: MinerState) {
    if (state !== undefined) this.merge(state);
  }

  mine(written: string): Mined {
    const text = bounded(written);
    const births = this.#store.drift.added;
    const merged = this.#store.drift.merged;
    const known = this.#lookUp(text);
    known.template.count += 1;
    const isNew = this.#store.drift.added > births && this.#store.drift.merged === merged;
    return { templateId: known.template.id, variables: this.#variables(text, known), isNew };
  }

  /** The template of a text as it is now; learned where it is none's. Does not count. */
  templateOf(text: string): { id: string; template: string } {
    const { template } = this.#lookUp(bounded(text));
    return { id: template.id, template: templateText(template.tokens) };
  }

  /** Template and variables of a text as they are now; learned where it is none's. Does not count. */
  match(written: string): { templateId: string; variables: string[] } {
    const text = bounded(written);
    const known = this.#lookUp(text);
    return { templateId: known.template.id, variables: this.#variables(text, known) };
  }

  /** Takes in what another miner learned: the same as if this one had seen its texts too. */
  merge(state: MinerState): void {
    if (state.version !== VERSION) return;
    for (const { id, tokens, count } of state.templates) this.#store.learn(tokens, count, id);
    this.#store.rename(state.renamed ?? {});
  }

  /** The templates, most used first, and which ids became which. */
  state(): MinerState {
    const templates = this.#store.templates().map(({ id, tokens, count }) => ({ id, tokens: [...tokens], count }));
    const renamed = this.#store.renamedIds.current();
    return { version: VERSION, templates, ...(Object.keys(renamed).length === 0 ? {} : { renamed }) };
  }

  /** Ids that ended since the last call, with those that took their texts over: for whoever counted by id. */
  takeRenamed(): Renamed[] {
    return this.#store.renamed.splice(0);
  }

  /** How the templates changed since this miner began. */
  drift(): Drift {
    return { ...this.#store.drift };
  }

  #lookUp(text: string): Known {
    const scanner = this.#scanner;
    scanner.scan(text);
    const known = this.#known.get(scanner.key);
    if (known !== undefined) {
      known.template = current(known.template);
      if (known.version === known.template.version) return known;
    }
    const shape = shapeOf(text, scanner);
    const template = known?.template ?? this.#store.find(shape.tokens) ?? this.#store.learn(shape.tokens);
    if (this.#evicted !== this.#store.drift.evicted) {
      // What is forgotten must not live on behind the hashes of its texts.
      this.#known.clear();
      this.#evicted = this.#store.drift.evicted;
    }
    const fresh = { template, version: template.version, open: openPlaces(template, shape, scanner.tokens) };
    this.#known.set(scanner.key, fresh);
    return fresh;
  }

  /** What stands where the template is open, or was typed by its form, in order. */
  #variables(text: string, { open }: Known): string[] {
    const { tokenStart, tokenEnd } = this.#scanner;
    let variable = 0;
    this.#found = 0;
    for (const { token, last, pattern } of open) {
      const start = tokenStart[token] ?? 0;
      const end = tokenEnd[last] ?? start;
      variable = this.#typed(text, variable, start, true);
      variable = this.#typed(text, variable, end, false);
      this.#add(openPart(text.slice(start, end), pattern));
    }
    this.#typed(text, variable, text.length, true);
    return this.#values.slice(0, this.#found);
  }

  #add(value: string): void {
    this.#values[this.#found] = value;
    this.#found += 1;
  }

  /** Goes over the typed variables in front of a place, and adds their values or not; a number with its fraction is one value. */
  #typed(text: string, from: number, before: number, added: boolean): number {
    const { variables, variableStart, variableEnd } = this.#scanner;
    let variable = from;
    while (variable < variables && (variableStart[variable] ?? 0) < before) {
      const start = variableStart[variable] ?? 0;
      let end = variableEnd[variable] ?? 0;
      variable += 1;
      while (variable < variables && variableStart[variable] === end + 1 && text.charCodeAt(end) === 46) {
        end = variableEnd[variable] ?? 0;
        variable += 1;
      }
      if (added) this.#add(text.slice(start, end));
    }
    return variable;
  }
}

function bounded(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
}

/** What stands at the open part of a token, between its constant ends; all of it where these hold variables too. */
function openPart(token: string, pattern: string): string {
  const head = pattern.slice(0, pattern.indexOf(ANY));
  const tail = pattern.slice(pattern.lastIndexOf(ANY) + 1);
  return head.includes(TYPED) || tail.includes(TYPED) ? token : token.slice(head.length, token.length - tail.length);
}

function openPlaces(template: Template, shape: Shape, tokens: number): Known['open'] {
  return template.tokens.flatMap((pattern, index) => {
    if (!pattern.includes(ANY) || !fits(pattern, shape.tokens[index] ?? '')) return [];
    return [{ token: shape.from[index] ?? 0, last: (shape.from[index + 1] ?? tokens) - 1, pattern }];
  });
}
