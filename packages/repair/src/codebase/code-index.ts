import type { FunctionInfo, SourceSnapshot } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { parseFiles } from './parsed-files.ts';
import { createModuleResolver, type ModuleResolver } from './resolve-module.ts';
import { sourceKind } from './source-kind.ts';
import type { NamedFunction } from './syntax/collect-functions.ts';
import type { ModuleFacts } from './syntax/module-facts.ts';
import { endLineOf, type FunctionNode, hasModifier, isFunctionNode, lineOf } from './syntax/parse-source.ts';

/** One parsed file of production or test code. */
export interface CodeFile {
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly facts: ModuleFacts;
  readonly test: boolean;
}

export interface CodeFunction extends NamedFunction {
  readonly id: string;
  readonly file: CodeFile;
  readonly startLine: number;
  readonly endLine: number;
}

/** The parsed code base with what is needed to follow names over files. Built once for each snapshot. */
export interface CodeIndex {
  readonly files: ReadonlyMap<string, CodeFile>;
  readonly functions: readonly CodeFunction[];
  readonly byNode: ReadonlyMap<ts.Node, CodeFunction>;
  /** By last part of the name: `find` finds `Store.find`. Production code only. */
  readonly byShortName: ReadonlyMap<string, readonly CodeFunction[]>;
  readonly resolve: ModuleResolver;
  /** Names a function that has none, such as an inline route handler. The known one is returned where it has. */
  adopt(node: FunctionNode, name: string): CodeFunction;
}

export function createCodeIndex(snapshot: SourceSnapshot): CodeIndex {
  const kinds = new Map(Object.keys(snapshot.files).map((path) => [path, sourceKind(path)]));
  const code = Object.entries(snapshot.files).filter(([path]) => kinds.get(path) === 'source' || kinds.get(path) === 'test');
  const parsed = parseFiles(new Map(code));
  const files = new Map<string, CodeFile>();
  for (const [path, { source, facts }] of parsed) files.set(path, { path, source, facts, test: kinds.get(path) === 'test' });
  const functions: CodeFunction[] = [];
  const byNode = new Map<ts.Node, CodeFunction>();
  const add = (file: CodeFile, named: NamedFunction): CodeFunction => {
    const startLine = lineOf(named.node);
    const one = { ...named, id: `${file.path}#${named.name}@${startLine}`, file, startLine, endLine: endLineOf(named.node) };
    functions.push(one);
    byNode.set(named.node, one);
    return one;
  };
  for (const file of files.values()) for (const named of parsed.get(file.path)?.functions ?? []) add(file, named);
  const adopt = (node: FunctionNode, name: string) => {
    const file = files.get(node.getSourceFile().fileName);
    if (file === undefined) throw new TypeError(`${node.getSourceFile().fileName} is not a file of this index`);
    return byNode.get(node) ?? add(file, { node, name, exportedAs: undefined });
  };
  return { files, functions, byNode, byShortName: groupByShortName(functions), resolve: createModuleResolver(snapshot.files), adopt };
}

function groupByShortName(functions: readonly CodeFunction[]): Map<string, CodeFunction[]> {
  const groups = new Map<string, CodeFunction[]>();
  for (const one of functions) {
    if (one.file.test) continue;
    const short = shortName(one.name);
    groups.set(short, [...(groups.get(short) ?? []), one]);
  }
  return groups;
}

/** `find` for `OrderStore.find`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The innermost known function around a node. */
export function enclosingFunction(index: CodeIndex, node: ts.Node): CodeFunction | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const found = index.byNode.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isAsync(node: FunctionNode): boolean {
  return isFunctionNode(node) && hasModifier(node, ts.SyntaxKind.AsyncKeyword);
}

/** The record of a function as other packages see it. */
export function toFunctionInfo(one: CodeFunction, calls: readonly string[]): FunctionInfo {
  const returnType = typeText(one.node.type ?? ts.getJSDocReturnType(one.node));
  return {
    id: one.id,
    name: one.name,
    file: one.file.path,
    startLine: one.startLine,
    endLine: one.endLine,
    exported: one.exportedAs !== undefined,
    ...(one.exportedAs === undefined ? {} : { exportedAs: one.exportedAs }),
    async: isAsync(one.node),
    params: one.node.parameters.filter((parameter) => parameter.name.getText() !== 'this').map(toParam),
    ...(returnType === undefined ? {} : { returnType }),
    calls: [...calls],
  };
}

function toParam(parameter: ts.ParameterDeclaration): FunctionInfo['params'][number] {
  const type = typeText(parameter.type ?? ts.getJSDocType(parameter));
  const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined || parameter.dotDotDotToken !== undefined;
  return { name: `${parameter.dotDotDotToken ? '...' : ''}${parameter.name.getText()}`, ...(type === undefined ? {} : { type }), optional };
}

function typeText(type: ts.TypeNode | undefined): string | undefined {
  return type?.getText().replace(/\s+/g, ' ').slice(0, 400);
}
