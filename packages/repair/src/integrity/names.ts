import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import { walk } from './parse.ts';

const TEST_APIS = new Set([
  'expect',
  'assert',
  'should',
  'chai',
  'it',
  'test',
  'describe',
  'suite',
  'vi',
  'jest',
  'mocha',
  'sinon',
  'mock',
]);
/** What a test run is told by: the functions that take a test's body give it a context. */
const TAKE_BODIES = /^(it|test|specify|describe|suite|context|before|after|setup|teardown|(before|after)(Each|All))\b/;
const BUILT_INS = new Set(
  'Object Array Function String Number Boolean Promise Map Set Error JSON Math Reflect Symbol Date RegExp Proxy console process'.split(' '),
);
const PLATFORM = new Set(
  'setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask structuredClone fetch performance Buffer'.split(' '),
);
const GLOBALS = new Set(['globalThis', 'global', 'window', 'self']);
/** Members of a test's context that decide what the test says. Others are the test's own to set. */
const CONTEXT_API = /^(test|it|describe|suite|assert|expect|mock|plan|skip|todo|ok|pass|fail|run|task)$/;
/** A test's context, as a path. */
const CONTEXT = '(context)';

export const TEST_MODULES = /^(node:test(\/.*)?|vitest(\/.*)?|jest|@jest\/.*|mocha|chai|sinon|supertest|tap)$/;
export const ASSERT_MODULES = /^(node:)?assert(\/strict)?$/;

/**
 * What the names of a file stand for, by its imports, requires, aliases and the parameters of its tests: `a` is `assert` after
 * `const a = require('assert')`. Scopes are not told apart: a name that stands for a part of the test API anywhere counts as that
 * everywhere, as a patch could else hide one behind the other.
 */
export class Names {
  readonly #aliases = new Map<string, string>();

  constructor(file: ts.SourceFile) {
    // Twice, for what is used before it stands in the file.
    for (let pass = 0; pass < 2; pass += 1) for (const node of walk(file)) this.#learn(node);
  }

  /** The dotted path of an expression with aliases resolved: `assert.ok`, `expect().not`, `node:fs`; undefined where it has none. */
  pathOf(expression: ts.Node): string | undefined {
    if (ts.isIdentifier(expression)) return this.#aliases.get(expression.text) ?? expression.text;
    if (ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression) || ts.isAwaitExpression(expression))
      return this.pathOf(expression.expression);
    if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isTypeAssertionExpression(expression))
      return this.pathOf(expression.expression);
    if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.CommaToken)
      return this.pathOf(expression.right);
    if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
      const of = this.pathOf(expression.expression);
      return of === undefined ? undefined : shortened(`${of}.${memberName(expression) ?? '[computed]'}`);
    }
    if (!ts.isCallExpression(expression)) return undefined;
    const module = requiredModule(expression);
    if (module !== undefined) return moduleName(module);
    const callee = this.pathOf(expression.expression);
    return callee === undefined ? undefined : `${callee}()`;
  }

  /** Whether an object is part of the test API, of the language or of the platform: nothing of it is a patch's to change. */
  isProtected(expression: ts.Expression): boolean {
    const path = this.pathOf(expression);
    if (path === undefined) return false;
    const [root = ''] = path.split(/[.(]/);
    if (/(^|\.)(prototype|__proto__)(\.|$)|getPrototypeOf\(\)/.test(path) || isTestPath(path)) return true;
    // What a built-in function gives, e.g. `JSON.parse(text)`, is the caller's own.
    if (path.includes('()')) return false;
    return BUILT_INS.has(root) || GLOBALS.has(root) || (path.startsWith('node:') && !path.includes('.'));
  }

  /** Whether an object is part of the test API. */
  isTestApi(expression: ts.Expression): boolean {
    return isTestPath(this.pathOf(expression) ?? '');
  }

  /** What a write to `target` replaces, for people; undefined where it is the patch's to write. */
  replacedBy(target: ts.Expression): string | undefined {
    if (ts.isIdentifier(target)) return isGlobalName(target.text) ? target.text : undefined;
    if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return undefined;
    const name = memberName(target);
    const path = this.pathOf(target.expression);
    if (path === CONTEXT) return name === undefined || CONTEXT_API.test(name) ? `${target.getText()}` : undefined;
    return this.isProtected(target.expression) ? target.getText() : undefined;
  }

  #learn(node: ts.Node): void {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) this.#learnImport(node, node.moduleSpecifier.text);
    else if (ts.isVariableDeclaration(node) && node.initializer) this.#bind(node.name, this.#aliased(node.initializer));
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left))
      this.#bind(node.left, this.#aliased(node.right));
    else if (ts.isCallExpression(node) && TAKE_BODIES.test(this.pathOf(node.expression) ?? '')) {
      for (const argument of node.arguments) {
        const [context] = ts.isArrowFunction(argument) || ts.isFunctionExpression(argument) ? argument.parameters : [];
        if (context) this.#bind(context.name, CONTEXT);
      }
    }
  }

  #learnImport({ importClause }: ts.ImportDeclaration, from: string): void {
    const module = moduleName(from);
    if (importClause?.name) this.#aliases.set(importClause.name.text, module);
    const bindings = importClause?.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) this.#aliases.set(bindings.name.text, module);
    if (bindings && ts.isNamedImports(bindings)) {
      for (const element of bindings.elements)
        this.#aliases.set(element.name.text, shortened(`${module}.${(element.propertyName ?? element.name).text}`));
    }
  }

  /** What an initializer makes its name stand for; what a call gives stands for itself, but for a module and a prototype. */
  #aliased(initializer: ts.Expression): string | undefined {
    const path = this.pathOf(initializer);
    return path === undefined || (path.includes('()') && !/getPrototypeOf\(\)$/.test(path)) ? undefined : path;
  }

  #bind(name: ts.BindingName, path: string | undefined): void {
    if (path === undefined) return;
    if (ts.isIdentifier(name)) {
      if (worthKeeping(path)) this.#aliases.set(name.text, path);
      return;
    }
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      const key = element.propertyName ?? element.name;
      if (!ts.isObjectBindingPattern(key) && !ts.isArrayBindingPattern(key))
        this.#bind(element.name, element.dotDotDotToken ? path : shortened(`${path}.${nameText(key)}`));
    }
  }
}

/** The name of a member, also where it is put together of constant texts. */
export function memberName(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  return ts.isPropertyAccessExpression(node) ? node.name.text : constantText(node.argumentExpression);
}

/** Whether a name belongs to the language, the platform or a runner by itself. */
export function isGlobalName(name: string): boolean {
  return TEST_APIS.has(name) || BUILT_INS.has(name) || PLATFORM.has(name) || GLOBALS.has(name);
}

/** The module that `require('x')` or `import('x')` takes in. */
export function requiredModule(call: ts.CallExpression): string | undefined {
  const takesIn = call.expression.kind === ts.SyntaxKind.ImportKeyword || call.expression.getText() === 'require';
  const [first] = call.arguments;
  return takesIn && first ? constantText(first) : undefined;
}

export function constantText(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return constantText(node.expression);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [constantText(node.left), constantText(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

function isTestPath(path: string): boolean {
  const [root = ''] = path.split(/[.(]/);
  return TEST_APIS.has(root) || path.startsWith(`${CONTEXT}.`) || path === 'test:module';
}

/** Aliases of ordinary values are left alone, so that `const a = b` says nothing. */
function worthKeeping(path: string): boolean {
  const [root = ''] = path.split(/[.(]/);
  return path.startsWith(CONTEXT) || isTestPath(path) || isGlobalName(root) || /^node:|getPrototypeOf\(\)|\bprototype\b/.test(path);
}

function moduleName(module: string): string {
  if (ASSERT_MODULES.test(module)) return 'assert';
  if (/^(node:)?(console|process)$/.test(module)) return module.replace(/^node:/, '');
  if (/^(chai|sinon|should)$/.test(module)) return module;
  if (TEST_MODULES.test(module)) return 'test:module';
  return isBuiltin(module) ? `node:${module.replace(/^node:/, '')}` : `module:${module}`;
}

/** `globalThis.console.log` is `console.log`; a member of a test module or context, and a default export, have their own names. */
function shortened(path: string): string {
  const plain = path.replace(/^(node:[^.]+|assert|console|process|chai|sinon)\.default\b/, '$1').replace(/^assert\.strict\b/, 'assert');
  const [, member] = /^(?:globalThis|global|window|self|test:module|\(context\)|chai)\.((?:[\w$]+)(?:[.(].*)?)$/s.exec(plain) ?? [];
  const [root = ''] = member?.split(/[.(]/) ?? [];
  if (member === undefined) return plain;
  return isGlobalName(root) || root === 'require' || (plain.startsWith('test:module.') && root !== 'default') ? member : plain;
}

function nameText(name: ts.PropertyName | ts.Identifier): string {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : '[computed]';
}
