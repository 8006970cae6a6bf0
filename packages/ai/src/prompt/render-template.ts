import { SelfhealError } from '@selfheal/contracts';
import type Handlebars from 'handlebars';
import { checkTemplate } from './check-template.ts';
import { Fenced, plainText } from './fence.ts';
import { invalidTemplate } from './template-finding.ts';
import { loadHandlebars } from './template-syntax.ts';
import { BLOCKS, HELPERS } from './variables.ts';

/** Characters of a rendered prompt at most, and rounds of all its loops together. */
const MAX_OUTPUT = 400_000;
const MAX_ROUNDS = 20_000;

export interface CompiledTemplate {
  readonly variables: readonly string[];
  /** Fails with PROMPT_INVALID where its loops write more than a prompt may hold. */
  render(view: Readonly<Record<string, unknown>>): string;
}

/** Compiles a template for any number of renderings. Fails with PROMPT_INVALID, which names every place that is wrong. */
export async function compileTemplate(name: string, text: string): Promise<CompiledTemplate> {
  const { findings, variables } = await checkTemplate(text);
  if (findings.length > 0) throw invalidTemplate(name, findings);
  const handlebars = await loadHandlebars();
  for (const helper of Object.keys(handlebars.helpers)) handlebars.unregisterHelper(helper);
  const limits = new Limits(name);
  registerBlocks(handlebars, limits);
  registerHelpers(handlebars);
  const known = Object.fromEntries([...BLOCKS, ...Object.keys(HELPERS)].map((helper) => [helper, true]));
  const compiled = handlebars.compile<unknown>(text, { knownHelpers: known, knownHelpersOnly: true, noEscape: false });
  return {
    variables,
    render: (view) => {
      limits.reset();
      const output = compiled(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
      limits.wrote(output.length);
      return output;
    },
  };
}

/** Nested loops over long lists multiply: what they write is counted while they run. */
class Limits {
  readonly #name: string;
  #rounds = 0;

  constructor(name: string) {
    this.#name = name;
  }

  reset(): void {
    this.#rounds = 0;
  }

  round(): void {
    this.#rounds += 1;
    if (this.#rounds > MAX_ROUNDS)
      throw new SelfhealError('PROMPT_INVALID', `its loops run more than ${MAX_ROUNDS} rounds`, { where: { template: this.#name } });
  }

  wrote(characters: number): void {
    if (characters > MAX_OUTPUT)
      throw new SelfhealError('PROMPT_INVALID', `it writes more than ${MAX_OUTPUT} characters`, { where: { template: this.#name } });
  }
}

function registerBlocks(handlebars: typeof Handlebars, limits: Limits): void {
  handlebars.registerHelper('if', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return isEmpty(value) ? options.inverse(this) : options.fn(this);
  });
  handlebars.registerHelper('unless', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return isEmpty(value) ? options.fn(this) : options.inverse(this);
  });
  handlebars.registerHelper('with', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return isEmpty(value) ? options.inverse(this) : options.fn(value);
  });
  handlebars.registerHelper('each', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    const entries = entriesOf(value);
    if (entries.length === 0) return options.inverse(this);
    let output = '';
    for (const [index, [key, item]] of entries.entries()) {
      limits.round();
      const data = { ...handlebars.createFrame(options.data), index, key, first: index === 0, last: index === entries.length - 1 };
      output += options.fn(item, { data });
      limits.wrote(output.length);
    }
    return output;
  });
}

function registerHelpers(handlebars: typeof Handlebars): void {
  handlebars.registerHelper('eq', (a: unknown, b: unknown) => plainText(a) === plainText(b));
  handlebars.registerHelper(
    'json',
    (value: unknown) => new Fenced(JSON.stringify(value, (_, inner: unknown) => (inner instanceof Fenced ? inner.raw : inner), 1) ?? ''),
  );
  handlebars.registerHelper('truncate', (value: unknown, most: unknown) => new Fenced(plainText(value).slice(0, countOf(most))));
  handlebars.registerHelper(
    'lines',
    (value: unknown, most: unknown) => new Fenced(plainText(value).split('\n').slice(0, countOf(most)).join('\n')),
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === false || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
  );
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === 'object' && value !== null && !(value instanceof Fenced) ? Object.entries(value) : [];
}

function countOf(value: unknown): number {
  const count = Number(plainText(value));
  return Number.isFinite(count) ? Math.max(0, Math.trunc(count)) : 0;
}
