import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { TextChange } from '@selfheal/contracts';
import { getLibFiles, ts } from '@ts-morph/common';
import { type CompileError, isEnvironmental, toCompileError } from './compile-error.ts';

export interface CompileCheckOptions {
  /** Absolute path of the folder that is checked; it is only read. */
  readonly root: string;
  /** Path of a tsconfig, relative to the root; or files of plain JavaScript, of which the compiler says what no engine would load. */
  readonly config: string | readonly string[];
  /** Where the folder was copied from: packages of its workspace that are linked into node_modules lead back there. */
  readonly copiedFrom?: string;
}

/** Where the compiler's own declarations of the language are said to be: they are held in memory. */
const LIBRARY = '/node_modules/typescript/lib';
const LIBRARY_TEXTS = new Map(getLibFiles().map(({ fileName, text }) => [`${LIBRARY}/${fileName}`, text]));
/** Declarations that several projects use are parsed once. */
const REGISTRY = ts.createDocumentRegistry();
/** Messages of one file beyond these are consequences. */
const MOST_ERRORS = 300;

/**
 * One TypeScript project held in memory, as its tsconfig describes it: says what does not compile, with and without a change. A change
 * costs the check of what it touches; the rest of the program is kept.
 */
export class CompileCheck {
  readonly root: string;
  readonly service: ts.LanguageService;
  readonly options: ts.CompilerOptions;
  readonly #files: readonly string[];
  readonly #changed = new Map<string, { readonly text: string; readonly version: number }>();
  readonly #read = new Map<string, string | undefined>();
  #version = 0;
  #base: readonly CompileError[] | undefined;

  constructor({ root, config, copiedFrom }: CompileCheckOptions) {
    this.root = realpathSync(root);
    const parsed =
      typeof config === 'string' ? readConfig(join(this.root, config)) : plainScripts(config.map((file) => join(this.root, file)));
    this.options = { ...parsed.options, noEmit: true, composite: false, incremental: false, skipLibCheck: true };
    this.#files = parsed.fileNames;
    this.service = ts.createLanguageService(this.#host(copiedFrom === undefined ? undefined : realpathSync(copiedFrom)), REGISTRY);
  }

  /** The folder's own files in the program, relative to it. */
  get files(): readonly string[] {
    const sources = this.program.getSourceFiles().map(({ fileName }) => this.#relative(fileName));
    return sources.filter((file) => file !== undefined);
  }

  get program(): ts.Program {
    const program = this.service.getProgram();
    if (program === undefined) throw new TypeError('the language service has no program');
    return program;
  }

  /** Errors of the unchanged project. Those that only an installation can mend (packages that are not there) are left out. */
  get base(): readonly CompileError[] {
    this.#base ??= this.#errorsOf(this.files);
    return this.#base;
  }

  text(file: string): string | undefined {
    return this.#snapshot(join(this.root, file));
  }

  /** The program with other texts in place of some files, until the next call; none takes all back. */
  replace(texts: ReadonlyMap<string, string>): void {
    const wanted = new Map([...texts].map(([file, text]) => [join(this.root, file), text]));
    for (const path of this.#changed.keys()) if (!wanted.has(path)) this.#put(path, undefined);
    for (const [path, text] of wanted) if (this.#snapshot(path) !== text) this.#put(path, text);
  }

  /** Errors of the program as it is now, those of `first` alone where there are more than `most` in them already. */
  errors(first: readonly string[] = [], most: number = Number.POSITIVE_INFINITY): readonly CompileError[] {
    const early = this.#errorsOf(first);
    if (early.length > most) return early;
    return [...early, ...this.#errorsOf(this.files.filter((file) => !first.includes(file)))];
  }

  /** Errors that the changes bring to files of the program, beyond those that are there without them. Offsets are those of the base. */
  newErrors(changes: readonly TextChange[]): CompileError[] {
    const known = countByKey(this.base);
    const texts = new Map<string, string>();
    for (const file of new Set(changes.map((change) => change.file))) {
      this.replace(new Map());
      const text = this.text(file);
      if (text !== undefined && this.files.includes(file))
        texts.set(
          file,
          applyChanges(
            text,
            changes.filter((change) => change.file === file),
          ),
        );
    }
    this.replace(texts);
    try {
      return this.errors().filter(({ key }) => {
        const left = known.get(key) ?? 0;
        known.set(key, left - 1);
        return left <= 0;
      });
    } finally {
      this.replace(new Map());
    }
  }

  #errorsOf(files: readonly string[]): CompileError[] {
    return files.flatMap((file) => {
      const path = join(this.root, file);
      const broken = this.service.getSyntacticDiagnostics(path);
      const found = broken.length > 0 ? broken : this.service.getSemanticDiagnostics(path);
      return found
        .filter((one) => one.category === ts.DiagnosticCategory.Error && !isEnvironmental(one))
        .slice(0, MOST_ERRORS)
        .map((one) => toCompileError(file, one));
    });
  }

  #put(path: string, text: string | undefined): void {
    this.#version += 1;
    if (text === undefined) this.#changed.delete(path);
    else this.#changed.set(path, { text, version: this.#version });
  }

  #snapshot(path: string): string | undefined {
    const changed = this.#changed.get(path);
    if (changed !== undefined) return changed.text;
    if (!this.#read.has(path)) this.#read.set(path, LIBRARY_TEXTS.get(path) ?? ts.sys.readFile(path));
    return this.#read.get(path);
  }

  #relative(path: string): string | undefined {
    const file = relative(this.root, path).split(sep).join('/');
    return file.startsWith('..') || file.split('/').includes('node_modules') || /\.d\.[cm]?ts$/.test(file) ? undefined : file;
  }

  #host(copiedFrom: string | undefined): ts.LanguageServiceHost {
    return {
      getCompilationSettings: () => this.options,
      getScriptFileNames: () => [...this.#files],
      getScriptVersion: (path) => String(this.#changed.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.#snapshot(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getProjectVersion: () => String(this.#version),
      getCurrentDirectory: () => this.root,
      getDefaultLibFileName: (options) => `${LIBRARY}/${ts.getDefaultLibFileName(options)}`,
      fileExists: (path) => LIBRARY_TEXTS.has(path) || ts.sys.fileExists(path),
      readFile: (path) => this.#snapshot(path),
      readDirectory: (path, ...rest) => ts.sys.readDirectory(path, ...rest),
      directoryExists: (path) => path === LIBRARY || ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      realpath: (path) => {
        const real = lstatSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
        if (copiedFrom === undefined || !real.startsWith(`${copiedFrom}/`) || real.includes('/node_modules/')) return real;
        return join(this.root, relative(copiedFrom, real));
      },
    };
  }
}

function readConfig(path: string): ProjectFiles {
  return ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config ?? {}, ts.sys, dirname(path), {}, path);
}

interface ProjectFiles {
  readonly options: ts.CompilerOptions;
  readonly fileNames: readonly string[];
}

/** Without declarations of anything: types are not asked for. */
function plainScripts(fileNames: readonly string[]): ProjectFiles {
  const { Latest } = ts.ScriptTarget;
  const { ESNext } = ts.ModuleKind;
  return {
    options: { allowJs: true, noLib: true, noResolve: true, types: [], target: Latest, module: ESNext, jsx: ts.JsxEmit.Preserve },
    fileNames,
  };
}

export function countByKey(errors: readonly CompileError[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of errors) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** A file's text with changes that do not overlap. */
export function applyChanges(text: string, changes: readonly Omit<TextChange, 'file'>[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}
