import { Bundles } from './bundles.ts';
import { Crowds } from './crowds.ts';
import { Families } from './families.ts';
import { ParseTree } from './parse-tree.ts';
import { RenamedIds } from './renamed-ids.ts';
import { openWord } from './saturation.ts';
import { current, type Template, templateId } from './template.ts';

/** How the set of templates changed since it was made: what shows that a log changed. */
export interface Drift {
  added: number;
  /** Templates that were found to be one with another. */
  merged: number;
  evicted: number;
}

/** A template's id that ended, as the template was found to be one with another. */
export interface Renamed {
  from: string;
  into: string;
}

/** Renamings held for a caller that does not fetch them. */
const MAX_RENAMED = 10_000;

/**
 * The templates known, and what merges them. Each new text begins a template of its own; templates that differ in a slot (`key=value`,
 * quotes, names) or in one word become one as soon as the values seen there show that they vary. So the templates themselves are the
 * statistics: nothing else is kept, and the union of two stores' templates is the merge of the stores.
 */
export class TemplateStore {
  readonly drift: Drift = { added: 0, merged: 0, evicted: 0 };
  readonly renamed: Renamed[] = [];
  /** All renamings, also of those before a restart. */
  readonly renamedIds = new RenamedIds();
  readonly #byText = new Map<string, Template>();
  readonly #ids = new Set<string>();
  readonly #families = new Families();
  readonly #bundles = new Bundles();
  readonly #crowds = new Crowds();
  readonly #tree = new ParseTree();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byText.size;
  }

  find(tokens: readonly string[]): Template | undefined {
    return this.#tree.find(tokens);
  }

  /** Takes in what another store renamed. An id that lives on here stays. */
  rename(renamed: Readonly<Record<string, string>>): void {
    for (const [from, into] of Object.entries(renamed)) if (!this.#ids.has(from)) this.renamedIds.add(from, into);
  }

  /** The template of a text for which none was found; it may prove to be an older one that is wider now. */
  learn(tokens: readonly string[], count = 0, id?: string): Template {
    if (this.#byText.size >= this.#capacity) this.#evict();
    const known = this.#byText.get(tokens.join(' '));
    if (known !== undefined) {
      known.count += count;
      return known;
    }
    const template: Template = {
      id: this.#freeId(id ?? templateId(tokens)),
      tokens: [...tokens],
      count,
      version: 0,
      mergedInto: undefined,
    };
    this.drift.added += 1;
    this.#enter(template);
    this.#settle(template);
    return current(template);
  }

  /** Most used first. */
  templates(): Template[] {
    return [...this.#byText.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  }

  #enter(template: Template): void {
    this.#byText.set(template.tokens.join(' '), template);
    this.#ids.add(template.id);
    this.#bundles.add(template);
    this.#crowds.add(template);
    this.#tree.add(template);
  }

  #leave(template: Template): void {
    this.#byText.delete(template.tokens.join(' '));
    this.#bundles.remove(template);
    this.#crowds.remove(template);
    this.#families.remove(template);
  }

  /** Widens what the new template shows to vary, until nothing changes. Each round makes fewer templates or wider ones, so it ends. */
  #settle(start: Template): void {
    const open = [start];
    for (let template = open.pop(); template !== undefined; template = open.pop()) {
      if (template.mergedInto !== undefined) continue;
      const renewed = this.#families.add(template);
      if (renewed.size > 0) {
        for (const [member, tokens] of renewed) open.push(this.#rewrite([member], tokens));
        continue;
      }
      const bundle = this.#bundles.mergeable(template);
      if (bundle === undefined) {
        for (const crowd of this.#crowds.mergeable(template)) open.push(this.#rewrite(crowd.templates, crowd.tokens));
        continue;
      }
      const tokens = [...template.tokens];
      tokens[bundle.position] = openWord(bundle.templates.map((other) => other.tokens[bundle.position] ?? ''));
      open.push(this.#rewrite(bundle.templates, tokens));
    }
  }

  /** Makes templates one, of these tokens. The most used keeps its id; among equals the id decides, so that a restart changes nothing. */
  #rewrite(templates: readonly Template[], tokens: string[]): Template {
    const same = this.#byText.get(tokens.join(' '));
    const all = same === undefined || templates.includes(same) ? [...templates] : [...templates, same];
    const [survivor, ...others] = all.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
    if (survivor === undefined) throw new RangeError('no template to rewrite');
    for (const template of all) this.#leave(template);
    for (const other of others) {
      survivor.count += other.count;
      other.mergedInto = survivor;
      this.#ids.delete(other.id);
      this.drift.merged += 1;
      if (this.renamed.length < MAX_RENAMED) this.renamed.push({ from: other.id, into: survivor.id });
      this.renamedIds.add(other.id, survivor.id);
    }
    survivor.tokens = tokens;
    survivor.version += 1;
    this.#enter(survivor);
    return survivor;
  }

  /**
   * An id is given for the text that began a template. Where that has grown away from it, the text may begin another. An id that ended
   * does not come back: what was counted under it belongs to the one that took it over.
   */
  #freeId(wanted: string): string {
    let id = wanted;
    while (this.#ids.has(id) || this.renamedIds.has(id)) id = templateId([id, 'again']);
    return id;
  }

  /** Drops the least used quarter at once, so that a stream of unique texts costs no sort each. */
  #evict(): void {
    const all = this.templates();
    const keep = Math.floor(this.#capacity * 0.75);
    for (const template of all.slice(keep)) {
      this.#leave(template);
      this.#ids.delete(template.id);
      this.drift.evicted += 1;
    }
    this.#tree.clear();
    for (const template of all.slice(0, keep)) this.#tree.add(template);
  }
}
