import { type Diagnostic, Project, type SourceFile, ts } from 'ts-morph';
import type { Files } from './apply-edits.ts';

export interface Fault {
  file: string;
  line: number;
  column: number;
  message: string;
}

const TYPESCRIPT = /\.[cm]?tsx?$/;
const CODE = /\.[cm]?[jt]sx?$/;

/**
 * What the compiler cannot know without the repository's dependencies: names and modules that are not there, and what follows from
 * treating them as `any`. Such messages are no sign of a fault in a patch.
 */
const UNKNOWABLE = new Set([
  2304, 2307, 2318, 2503, 2552, 2580, 2582, 2584, 2591, 2688, 2792, 2835, 5097, 7005, 7006, 7016, 7026, 7031, 7053, 18046,
]);

/**
 * Finds type errors that a change brings. Holds the program of the base, so that each of many candidates costs only the check of its own
 * files. JavaScript files are parsed, not type-checked.
 */
export class TypeCheck {
  readonly #project: Project;
  readonly #base: Files;
  readonly #known = new Map<string, Set<string>>();

  constructor(base: Files) {
    this.#base = base;
    this.#project = new Project({ useInMemoryFileSystem: true, compilerOptions: compilerOptions(base['tsconfig.json']) });
    for (const [path, text] of Object.entries(base)) {
      if (TYPESCRIPT.test(path)) this.#project.createSourceFile(`/${path}`, text, { overwrite: true });
    }
  }

  /** Type errors of the changed TypeScript files that the base does not have, compared by message; lines are those of `after`. */
  newFaults(after: Files, changed: readonly string[]): Fault[] {
    const typed = changed.filter((path) => TYPESCRIPT.test(path));
    for (const path of typed) this.#known.set(path, this.#known.get(path) ?? new Set(this.#faultsOf(path).map((fault) => fault.message)));
    try {
      for (const path of typed) this.#project.createSourceFile(`/${path}`, after[path] ?? '', { overwrite: true });
      return typed.flatMap((path) => this.#faultsOf(path).filter((fault) => !this.#known.get(path)?.has(fault.message)));
    } finally {
      for (const path of typed) this.#restore(path);
    }
  }

  #faultsOf(path: string): Fault[] {
    const file = this.#project.getSourceFile(`/${path}`);
    if (!file) return [];
    return file
      .getPreEmitDiagnostics()
      .filter((diagnostic) => diagnostic.getCategory() === ts.DiagnosticCategory.Error && !UNKNOWABLE.has(diagnostic.getCode()))
      .map((diagnostic) => toFault(path, file, diagnostic));
  }

  #restore(path: string): void {
    const text = Object.hasOwn(this.#base, path) ? this.#base[path] : undefined;
    if (text === undefined) this.#project.getSourceFile(`/${path}`)?.forget();
    else this.#project.createSourceFile(`/${path}`, text, { overwrite: true });
  }
}

/** Whether the compiler checks the types of a file. */
export function isTyped(path: string): boolean {
  return TYPESCRIPT.test(path);
}

/** Syntax errors of a JavaScript, TypeScript or JSON file; none for others. */
export function syntaxFaults(path: string, text: string): Fault[] {
  if (path.endsWith('.json')) return jsonFaults(path, text);
  if (!CODE.test(path)) return [];
  const { diagnostics = [] } = ts.transpileModule(text, { fileName: path, reportDiagnostics: true, compilerOptions: { allowJs: true } });
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return diagnostics
    .filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error)
    .map((diagnostic) => {
      const { line, character } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return { file: path, line: line + 1, column: character + 1, message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ') };
    });
}

function jsonFaults(path: string, text: string): Fault[] {
  try {
    JSON.parse(text);
    return [];
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    const [, line = '1', column = '1'] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
    return [{ file: path, line: Number(line), column: Number(column), message }];
  }
}

function toFault(path: string, file: SourceFile, diagnostic: Diagnostic): Fault {
  const { line, column } = file.getLineAndColumnAtPos(diagnostic.getStart() ?? 0);
  return { file: path, line, column, message: ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, ' ') };
}

/** The repository's own strictness, with what checking from memory needs. */
function compilerOptions(tsconfig: string | undefined): ts.CompilerOptions {
  const parsed: unknown = tsconfig === undefined ? {} : ts.parseConfigFileTextToJson('tsconfig.json', tsconfig).config;
  const raw = isObject(parsed) && isObject(parsed.compilerOptions) ? parsed.compilerOptions : {};
  const { options } = ts.convertCompilerOptionsFromJson(raw, '/');
  const needed = { noEmit: true, skipLibCheck: true, types: [], allowImportingTsExtensions: true, noUnusedLocals: false };
  return { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.NodeNext, ...options, ...needed };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
