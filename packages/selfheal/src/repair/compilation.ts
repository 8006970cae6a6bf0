import type { TextChange } from '@selfheal/contracts';
import {
  CompileCheck,
  type CompileError,
  findConfigs,
  type LineError,
  parseFaults,
  type RepairCandidate,
  recoverParse,
  repairTypes,
} from '@selfheal/repair';

export interface CompilationOptions {
  /** The folder as it was copied, with its packages. */
  readonly root: string;
  readonly copiedFrom: string;
  /** Files that may be edited, with their texts. */
  readonly texts: ReadonlyMap<string, string>;
}

const MOST_JOINED = 400;

/** What of a folder does not parse or, where it has TypeScript projects, does not compile, and the edits that mend it. */
export class Compilation {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #checks: readonly CompileCheck[];
  readonly #unparsed: readonly string[];
  readonly #typed: boolean;

  constructor({ root, copiedFrom, texts }: CompilationOptions) {
    this.#texts = texts;
    this.#unparsed = [...texts].filter(([file, text]) => parseFaults(file, text).length > 0).map(([file]) => file);
    const configs = findConfigs(root);
    const scripts = [...texts.keys()].filter((file) => /\.[cm]?jsx?$/.test(file));
    this.#typed = configs.length > 0;
    this.#checks = [...configs, ...(configs.length > 0 || scripts.length === 0 ? [] : [scripts])].map(
      (config) => new CompileCheck({ root, config, copiedFrom }),
    );
  }

  /** There is a project whose types can be checked. */
  get isTyped(): boolean {
    return this.#typed;
  }

  get errors(): readonly CompileError[] {
    const all = this.#checks.flatMap((check) => check.base);
    return [...new Map(all.map((error) => [`${error.key}\0${error.start}`, error])).values()];
  }

  /** Files that do not parse. */
  get unparsed(): readonly string[] {
    return this.#unparsed;
  }

  /** Where it does not compile: by the compiler, or where a file stops to parse. */
  get faults(): readonly LineError[] {
    const unparsed = this.#unparsed.flatMap((file): LineError[] => {
      const text = this.#texts.get(file) ?? '';
      const [first] = parseFaults(file, text);
      const message = first?.message ?? 'it does not parse';
      return [{ file, line: text.slice(0, first?.start ?? 0).split('\n').length, message, related: [] }];
    });
    return [...unparsed, ...this.errors.filter(({ file }) => !this.#unparsed.includes(file))];
  }

  /** Edits that make everything parse, or compile; best first. */
  repairs(budgetMs: number, signal: AbortSignal | undefined): readonly RepairCandidate[] {
    if (this.#unparsed.length > 0) return joined(this.#unparsed.map((file) => recoverParse(file, this.#texts.get(file) ?? '')));
    const failing = this.#checks.filter((check) => check.base.length > 0);
    const own = failing.map((check) =>
      repairTypes({ check, editable: (file) => this.#texts.has(file), budgetMs: budgetMs / failing.length, signal }),
    );
    return joined(own.map(({ candidates }) => candidates));
  }

  /** Whether changes make something fail to compile that did before. */
  breaks(changes: readonly TextChange[]): boolean {
    return this.#checks.some((check) => check.newErrors(changes).length > 0);
  }
}

/** One candidate of each list put together, the best of all lists first. */
function joined(lists: readonly (readonly RepairCandidate[])[]): readonly RepairCandidate[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly RepairCandidate[]>((some, more) => {
    const pairs = some.slice(0, MOST_JOINED).flatMap((a) => more.slice(0, MOST_JOINED).map((b) => both(a, b)));
    return pairs.sort((a, b) => b.score - a.score).slice(0, MOST_JOINED);
  }, first);
}

/** Two projects may share the file that is mended: then it is one edit. */
function both(a: RepairCandidate, b: RepairCandidate): RepairCandidate {
  if (a.id === b.id) return a;
  const score = a.score * b.score;
  const naturalness = Math.min(a.naturalness, b.naturalness);
  return { ...a, id: `${a.id} & ${b.id}`, changes: [...a.changes, ...b.changes], score, naturalness };
}
