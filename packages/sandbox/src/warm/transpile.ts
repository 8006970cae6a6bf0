import { dirname } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { ts } from 'ts-morph';

/** JavaScript made of a file that Node cannot run by leaving its types out. */
export interface Transpiled {
  readonly text: string;
  /** Offset in the file's text of an offset in `text`. */
  toSource(offset: number): number;
  /** Line, from 1, in the file's text of a place in `text`. */
  toSourceLine(line: number, column: number): number;
}

/** Whether types cannot simply be left out: JSX, decorators, enums, namespaces, parameter properties, `import x = require()`. */
export function needsTranspiling(path: string, text: string): boolean {
  if (/\.[jt]sx$/.test(path)) return true;
  if (!/\.[cm]?ts$/.test(path) || path.endsWith('.d.ts')) return false;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const visit = (node: ts.Node): boolean => isMoreThanTypes(node) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}

/** Compiles one file by the options of the tsconfig nearest to it, to modules that today's engines run. */
export function transpile(path: string, text: string): Transpiled {
  const { outputText, sourceMapText = '{"version":3,"sources":[],"names":[],"mappings":""}' } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: compilerOptions(path),
  });
  let map: TraceMap | undefined;
  const found = (line: number, column: number) => {
    map ??= new TraceMap(sourceMapText);
    return originalPositionFor(map, { line, column });
  };
  const [made, given] = [lineStarts(outputText), lineStarts(text)];
  return {
    text: outputText,
    toSource: (offset) => {
      const at = made.findLastIndex((start) => start <= offset);
      const { line, column } = found(at + 1, offset - (made[at] ?? 0));
      return line === null ? 0 : (given[line - 1] ?? 0) + column;
    },
    toSourceLine: (line, column) => found(line, Math.max(0, column - 1)).line ?? line,
  };
}

/** Names that a project gives to places of its own (`paths` of its tsconfig), as patterns with one `*`, each with absolute targets. */
export function pathAliases(root: string): readonly { readonly pattern: string; readonly targets: readonly string[] }[] {
  const config = ts.findConfigFile(root, ts.sys.fileExists);
  if (config === undefined || dirname(config) !== root) return [];
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config ?? {}, ts.sys, root, {}, config);
  const base = options.baseUrl ?? root;
  return Object.entries(options.paths ?? {}).map(([pattern, targets]) => ({
    pattern,
    targets: targets.map((target) => (target.startsWith('/') ? target : ts.sys.resolvePath(`${base}/${target}`))),
  }));
}

function isMoreThanTypes(node: ts.Node): boolean {
  const isDeclared = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
  if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return !isDeclared;
  if (ts.isImportEqualsDeclaration(node) || ts.isDecorator(node)) return true;
  return ts.isConstructorDeclaration(node) && node.parameters.some((parameter) => (ts.getModifiers(parameter) ?? []).length > 0);
}

function compilerOptions(path: string): ts.CompilerOptions {
  const config = ts.findConfigFile(dirname(path), ts.sys.fileExists);
  const raw: unknown = config === undefined ? {} : ts.readConfigFile(config, ts.sys.readFile).config;
  const parsed =
    config === undefined ? undefined : ts.parseJsonConfigFileContent(raw ?? {}, { ...ts.sys, readDirectory: () => [] }, dirname(config));
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields } =
    parsed?.options ?? {};
  const known = { jsxFactory, jsxFragmentFactory, jsxImportSource, experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields };
  const isKept = jsx === undefined || jsx === ts.JsxEmit.Preserve || jsx === ts.JsxEmit.ReactNative;
  return {
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    jsx: isKept ? ts.JsxEmit.ReactJSX : jsx,
    // Decorators of the standard are not yet run by engines.
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    sourceMap: true,
    allowJs: true,
  };
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
