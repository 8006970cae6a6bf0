import type { IntegrityViolation } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { isCode, lineOf, normalised, parse, walk } from './parse.ts';
import type { PathKind } from './path-rules.ts';

type Finding = Pick<IntegrityViolation, 'rule' | 'detail'> & { line: number; text: string };

const TEST_APIS = new Set(['expect', 'assert', 'should', 'chai', 'it', 'test', 'describe', 'suite', 'vi', 'jest', 'mocha', 'sinon']);
const BUILT_INS = new Set([
  'Object',
  'Array',
  'Function',
  'String',
  'Number',
  'Boolean',
  'Promise',
  'Map',
  'Set',
  'Error',
  'JSON',
  'Math',
  'Reflect',
  'Symbol',
  'Date',
  'RegExp',
  'Proxy',
  'console',
  'process',
]);
const GLOBALS = new Set(['globalThis', 'global', 'window', 'self']);
const ENDS_PROCESS = new Set(['exit', 'reallyExit', 'abort', 'kill', 'exitCode', 'dlopen', 'binding']);
const TEST_ENVIRONMENT = /^(NODE_ENV|VITEST.*|JEST_.*|NODE_TEST_CONTEXT|MOCHA.*|CI|TEST|TEST_.*)$/;
const TEST_MODULES = /^(node:test(\/.*)?|vitest(\/.*)?|jest|@jest\/.*|mocha|chai|sinon|supertest|tap)$/;
const UNCHECKED_MODULES = /^(node:)?(vm|child_process|worker_threads|module|inspector|repl|cluster)$/;
const HIDDEN_FROM_CHECKS =
  /\b(v8|c8|istanbul|node:coverage)\s+ignore\b|node:coverage disable|@ts-nocheck|@ts-ignore|eslint-disable|biome-ignore/;

/**
 * Code that a patch brings and that would make tests green, or escape checking, without mending anything. Only what the file did not
 * hold before counts.
 */
export function forgeries(path: string, kind: PathKind, before: string | undefined, after: string): IntegrityViolation[] {
  if (!isCode(path)) return [];
  const known = before === undefined ? [] : findings(path, kind, before).map((finding) => finding.text);
  return findings(path, kind, after)
    .filter((finding) => {
      const at = known.indexOf(finding.text);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    })
    .map(({ rule, detail, line }) => ({ rule, file: path, line, detail }));
}

function findings(path: string, kind: PathKind, text: string): Finding[] {
  const file = parse(path, text);
  const found: Finding[] = [...hiddenPlaces(text)];
  for (const node of walk(file)) {
    const finding = inspect(node, kind);
    if (finding) found.push({ ...finding, line: lineOf(node), text: `${finding.rule} ${normalised(node)}` });
  }
  return found;
}

function hiddenPlaces(text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    if (!/\/\/|\/\*|\*/.test(line) || !HIDDEN_FROM_CHECKS.test(line)) return [];
    return [
      {
        rule: 'assertion-loosened' as const,
        detail: 'a comment hides code from the checks',
        line: index + 1,
        text: `hidden ${line.trim()}`,
      },
    ];
  });
}

function inspect(node: ts.Node, kind: PathKind): Pick<Finding, 'rule' | 'detail'> | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    return kind === 'test' && countsInPlace(node) ? undefined : replaced(node.left);
  }
  if (ts.isCallExpression(node)) return inspectCall(node, kind);
  if (ts.isNewExpression(node)) return isNamed(node.expression, 'Function') ? unchecked('new Function') : undefined;
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) return inspectModule(node.moduleSpecifier.text, kind, node);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return inspectAccess(node, kind);
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer && isProcess(node.initializer)) {
    const ends = node.name.elements.some(
      (element) => ENDS_PROCESS.has((element.propertyName ?? element.name).getText()) || element.dotDotDotToken,
    );
    return ends ? { rule: 'process-exit', detail: 'takes a function that ends the process' } : undefined;
  }
  return undefined;
}

function inspectCall(node: ts.CallExpression, kind: PathKind): Pick<Finding, 'rule' | 'detail'> | undefined {
  const callee = normalised(node.expression);
  const [first] = node.arguments;
  if (callee === 'eval' || callee === 'globalThis.eval') return unchecked('eval');
  if (callee === 'require' || node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return first && ts.isStringLiteralLike(first) ? inspectModule(first.text, kind, node) : unchecked('a module whose name is computed');
  }
  if (/^(Object|Reflect)\.(definePropert(y|ies)|assign|set|setPrototypeOf)$/.test(callee) && first && protectedRoot(first)) {
    return { rule: 'test-api-replaced', detail: `${callee} changes ${normalised(first)}` };
  }
  if (/^(vi|jest)\.(mock|doMock|unstable_mockModule|setMock)$|^mock\.module$/.test(callee) && first && ts.isStringLiteralLike(first)) {
    return TEST_MODULES.test(first.text) || /^(node:)?assert(\/strict)?$/.test(first.text) || first.text.startsWith('.')
      ? { rule: 'test-api-replaced', detail: `${callee} replaces ${first.text}` }
      : undefined;
  }
  if (/^expect\.(extend|addEqualityTesters|addSnapshotSerializer)$|^chai\.(use|util)\b/.test(callee)) {
    return { rule: 'test-api-replaced', detail: `${callee} changes how tests compare` };
  }
  if (/^process\.(on|once|prependListener|addListener)$/.test(callee) && first && ts.isStringLiteralLike(first)) {
    const swallows = ['uncaughtException', 'unhandledRejection', 'exit', 'beforeExit', 'uncaughtExceptionMonitor'].includes(first.text);
    return swallows ? { rule: 'process-exit', detail: `listens to ${first.text} of the process` } : undefined;
  }
  return undefined;
}

function inspectModule(name: string, kind: PathKind, node: ts.Node): Pick<Finding, 'rule' | 'detail'> | undefined {
  // A test may run the code in a process of its own, which the sandbox confines as well.
  const isOwnProcess = kind === 'test' && /child_process$/.test(name);
  if (UNCHECKED_MODULES.test(name) && !isOwnProcess) return unchecked(name);
  if (/^(node:)?process$/.test(name)) return { rule: 'process-exit', detail: `takes in ${name} under a name of its own` };
  const inProduction = kind === 'production' && ts.isImportDeclaration(node);
  return inProduction && TEST_MODULES.test(name) ? { rule: 'test-api-replaced', detail: `production code takes in ${name}` } : undefined;
}

function inspectAccess(
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  kind: PathKind,
): Pick<Finding, 'rule' | 'detail'> | undefined {
  const name = memberName(node);
  if (isProcess(node.expression) && (name === undefined || ENDS_PROCESS.has(name))) {
    return { rule: 'process-exit', detail: `uses process.${name ?? '[computed]'}` };
  }
  const environment =
    ts.isPropertyAccessExpression(node.expression) && isProcess(node.expression.expression) && node.expression.name.text === 'env';
  if (kind === 'production' && environment && (name === undefined || TEST_ENVIRONMENT.test(name))) {
    return { rule: 'test-api-replaced', detail: `behaves differently under test (process.env.${name ?? '[computed]'})` };
  }
  return undefined;
}

function replaced(target: ts.Expression): Pick<Finding, 'rule' | 'detail'> | undefined {
  if (ts.isIdentifier(target)) {
    return TEST_APIS.has(target.text) ? { rule: 'test-api-replaced', detail: `${target.text} is replaced` } : undefined;
  }
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return undefined;
  if (isProcess(target.expression)) return undefined;
  if (/\brequire\.cache\b/.test(normalised(target))) return { rule: 'test-api-replaced', detail: 'replaces a loaded module' };
  const name = memberName(target) ?? '';
  const ontoGlobal =
    ts.isIdentifier(target.expression) &&
    GLOBALS.has(target.expression.text) &&
    (TEST_APIS.has(name) || BUILT_INS.has(name) || name === '');
  return ontoGlobal || protectedRoot(target.expression)
    ? { rule: 'test-api-replaced', detail: `${normalised(target)} is replaced` }
    : undefined;
}

/**
 * A test that counts what a list method runs over: `Array.prototype.find = function (...args) { count += this.length; return
 * find.apply(this, args); }`, put back in a `finally`. The method does its whole work all the while, so nothing else can change.
 */
function countsInPlace(node: ts.BinaryExpression): boolean {
  const [, method] =
    /^Array\.prototype\.(includes|indexOf|lastIndexOf|find|findIndex|findLast|filter|some|every)$/.exec(normalised(node.left)) ?? [];
  if (method === undefined || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  const value = normalised(node.right);
  if (value === method) return isInFinally(node);
  const counting = new RegExp(
    `^function \\((this: unknown\\[\\], )?\\.\\.\\.args(: never)?\\) \\{ count \\+= this\\.length; return ${method}\\.apply\\(this, args\\); \\}$`,
  );
  const isPutBack = [...walk(node.getSourceFile())].some(
    (one) => ts.isBinaryExpression(one) && one !== node && normalised(one) === `Array.prototype.${method} = ${method}` && isInFinally(one),
  );
  return counting.test(value) && isPutBack;
}

function isInFinally(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return true;
  }
  return false;
}

/** Whether an object belongs to the test API or the language itself: `expect(x).not`, `Array.prototype`, `globalThis.assert`. */
function protectedRoot(expression: ts.Expression): boolean {
  if (ts.isIdentifier(expression)) return TEST_APIS.has(expression.text) || BUILT_INS.has(expression.text) || GLOBALS.has(expression.text);
  if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
    return memberName(expression) === 'prototype' || memberName(expression) === '__proto__' || protectedRoot(expression.expression);
  }
  return ts.isCallExpression(expression) && (protectedRoot(expression.expression) || /getPrototypeOf/.test(normalised(expression)));
}

function memberName(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

function isProcess(expression: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
    return ts.isIdentifier(expression.expression) && GLOBALS.has(expression.expression.text) && memberName(expression) === 'process';
  }
  return isNamed(expression, 'process');
}

function isNamed(expression: ts.Expression, name: string): boolean {
  return ts.isIdentifier(expression) && expression.text === name;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function unchecked(what: string): Pick<Finding, 'rule' | 'detail'> {
  return { rule: 'test-api-replaced', detail: `${what} runs code that cannot be checked` };
}
