import type { CodebaseInfo, SourceSnapshot } from '@selfheal/contracts';
import { type CallExpression, type Expression, Node, SyntaxKind } from 'ts-morph';
import { createModuleResolver } from '../codebase/resolve-module.ts';
import { openSource } from '../templates/source-files.ts';
import { isFunctionNode, usedNames } from '../templates/syntax-tree.ts';
import type { Argument } from './arguments.ts';
import type { CodeFunction } from './function-node.ts';
import type { TestImport } from './test-plan.ts';
import { testFiles } from './test-style.ts';

const FILES_READ = 40;
const CALLS_KEPT = 4;

/**
 * Arguments that the repository's own tests call a function with, as code that stands by itself: names of a test are replaced by what
 * they were made of, imports are taken along. Calls that lean on more than that are left out.
 */
export function existingArguments(fn: CodeFunction, codebase: CodebaseInfo, sources: SourceSnapshot): Argument[][] {
  const name = fn.info.name.split('.').at(-1) ?? fn.info.name;
  const resolve = createModuleResolver(sources.files);
  const found: Argument[][] = [];
  for (const path of testFiles(codebase, sources).slice(0, FILES_READ)) {
    if (!sources.files[path]?.includes(name)) continue;
    const calls = openSource(sources.files, path)?.getDescendantsOfKind(SyntaxKind.CallExpression) ?? [];
    for (const call of calls.filter((one) => calleeName(one) === name)) {
      const args = call
        .getArguments()
        .map((argument, index) => freestanding(argument, path, resolve, fn.node.getParameters()[index]?.getName() ?? 'value'));
      if (args.every((arg) => arg !== undefined)) found.push(args.filter((arg): arg is Argument => arg !== undefined));
    }
  }
  return found.sort((a, b) => b.length - a.length).slice(0, CALLS_KEPT);
}

function calleeName(call: CallExpression): string {
  return call.getExpression().getText().split('.').at(-1) ?? '';
}

type Resolve = ReturnType<typeof createModuleResolver>;

function freestanding(argument: Node, path: string, resolve: Resolve, name: string): Argument | undefined {
  const expression = Node.isIdentifier(argument) ? (initializerOf(argument) ?? argument) : argument;
  if (!Node.isExpression(expression)) return undefined;
  const imports: TestImport[] = [];
  for (const used of namesFreeIn(expression)) {
    const taken = importedAs(expression, used, path, resolve);
    if (taken) imports.push(taken);
    else if (!(used in globalThis)) return undefined;
  }
  return {
    name: /^[A-Za-z_$][\w$]*$/.test(name) ? name : 'input',
    code: dedent(expression.getText()),
    imports,
    confidence: 0.7,
    logged: false,
  };
}

/** What a `const` of the test, or of the file, was made of. */
function initializerOf(identifier: Node): Expression | undefined {
  for (const declaration of identifier.getSymbol()?.getDeclarations() ?? []) {
    if (Node.isVariableDeclaration(declaration) && declaration.getVariableStatement()?.getDeclarationKind() === 'const')
      return declaration.getInitializer();
  }
  return undefined;
}

function namesFreeIn(expression: Expression): string[] {
  const own = new Set(
    expression
      .getDescendants()
      .flatMap((node) => (isFunctionNode(node) ? node.getParameters().map((parameter) => parameter.getName()) : [])),
  );
  return usedNames(expression).filter((name) => !own.has(name) && name !== 'undefined');
}

function importedAs(node: Node, name: string, path: string, resolve: Resolve): TestImport | undefined {
  for (const statement of node.getSourceFile().getImportDeclarations()) {
    const specifier = statement.getModuleSpecifierValue();
    const from = resolve(path, specifier);
    const target = from === undefined ? { module: specifier } : { path: from };
    const named = statement.getNamedImports().find((one) => (one.getAliasNode()?.getText() ?? one.getName()) === name);
    if (named) return { ...target, name: named.getName(), as: name };
    if (statement.getDefaultImport()?.getText() === name) return { ...target, name: 'default', as: name };
    if (statement.getNamespaceImport()?.getText() === name) return { ...target, name: '*', as: name };
  }
  return requiredAs(node, name, path, resolve);
}

function requiredAs(node: Node, name: string, path: string, resolve: Resolve): TestImport | undefined {
  for (const declaration of node.getSourceFile().getVariableDeclarations()) {
    const [, specifier] = /^require\(\s*['"]([^'"]+)['"]\s*\)$/.exec(declaration.getInitializer()?.getText() ?? '') ?? [];
    if (specifier === undefined) continue;
    const from = resolve(path, specifier);
    const target = from === undefined ? { module: specifier } : { path: from };
    const pattern = declaration.getNameNode();
    if (Node.isIdentifier(pattern) && pattern.getText() === name) return { ...target, name: 'module.exports', as: name };
    if (!Node.isObjectBindingPattern(pattern)) continue;
    const element = pattern.getElements().find((one) => one.getName() === name);
    if (element) return { ...target, name: element.getPropertyNameNode()?.getText() ?? name, as: name };
  }
  return undefined;
}

/** Continuation lines lose the indentation that they had in the test. */
function dedent(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  const depth = Math.min(...rest.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  return [first, ...rest.map((line) => line.slice(Number.isFinite(depth) ? depth : 0))].join('\n');
}
