import { ts } from 'ts-morph';
import { ASSERT_MODULES, constantText, isGlobalName, type Names, requiredModule, TEST_MODULES } from './names.ts';
import { normalised, walk } from './parse.ts';

const CHANGES = /^(Object|Reflect)\.(definePropert(y|ies)|assign|set|setPrototypeOf|deleteProperty)(\.(call|apply|bind)(\(\))?)?$/;
const COMPARISONS =
  /^expect\.(extend|addEqualityTesters|addSnapshotSerializer|setState)$|^chai\.(use|util)\b|^assert\.register$|\b(overwrite|add)(Method|Property|ChainableMethod)$/;
const MOCKED_MODULES = /^(vi|jest)\.(mock|doMock|unstable_mockModule|setMock)$|(^|\.)mock\.module$/;
const SPIES = /^((vi|jest)\.(spyOn|replaceProperty)|sinon\.(stub|replace|spy|mock)|(\(context\)\.)?mock\.(method|getter|setter|property))$/;
/** Parts of the language that every test and comparison is made of. Others, as Date, Math or console, may be stood in for. */
const CORE =
  /^(Object|Array|Function|String|Number|Boolean|Promise|Map|Set|Error|Reflect|Symbol|RegExp|Proxy)(\.|$)|(^|\.)(prototype|__proto__)(\.|$)|getPrototypeOf\(\)/;

/** What a node replaces of the test API, the language or the platform, for people; undefined where nothing. */
export function replacementAt(node: ts.Node, names: Names, inTest: boolean): string | undefined {
  if (ts.isCallExpression(node)) return byCall(node, names);
  if (inTest && ts.isBinaryExpression(node) && countsInPlace(node)) return undefined;
  for (const target of targetsOf(node)) {
    if (/\brequire\.cache\b/.test(normalised(target))) return 'a loaded module is replaced';
    const replaced = isExitCode(target, names) ? undefined : names.replacedBy(target);
    if (replaced !== undefined) return `${replaced} is replaced`;
  }
  return inTest ? shadowed(node, names) : undefined;
}

/** What a node writes to, patterns taken apart: `[a.b] = c`, `a.b++`, `delete a.b`, `for (a.b of c)`. */
function targetsOf(node: ts.Node): ts.Expression[] {
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? within(node.left) : [];
  if (ts.isDeleteExpression(node)) return [node.expression];
  if (ts.isPostfixUnaryExpression(node)) return [node.operand];
  if (ts.isPrefixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken ? [node.operand] : [];
  const isLoop = ts.isForOfStatement(node) || ts.isForInStatement(node);
  return isLoop && !ts.isVariableDeclarationList(node.initializer) ? within(node.initializer) : [];
}

function within(target: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(target)) return target.elements.flatMap(within);
  if (ts.isSpreadElement(target) || ts.isParenthesizedExpression(target)) return within(target.expression);
  if (ts.isBinaryExpression(target)) return within(target.left);
  if (!ts.isObjectLiteralExpression(target)) return [target];
  return target.properties.flatMap((property) =>
    ts.isPropertyAssignment(property)
      ? within(property.initializer)
      : ts.isShorthandPropertyAssignment(property)
        ? [property.name]
        : ts.isSpreadAssignment(property)
          ? within(property.expression)
          : [],
  );
}

function byCall(node: ts.CallExpression, names: Names): string | undefined {
  const path = names.pathOf(node.expression) ?? '';
  const given = node.arguments.flatMap((one) => (ts.isArrayLiteralExpression(one) ? [...one.elements] : [one]));
  const [first] = node.arguments;
  const [, , , , indirect] = CHANGES.exec(path) ?? [];
  const changed = CHANGES.test(path)
    ? (indirect === undefined ? given.slice(0, 1) : given).find((one) => names.isProtected(one))
    : undefined;
  if (changed) return `${path} changes ${normalised(changed)}`;
  if (
    /\.__define[GS]etter__$/.test(path) &&
    ts.isPropertyAccessExpression(node.expression) &&
    names.isProtected(node.expression.expression)
  )
    return `${path} changes ${normalised(node.expression.expression)}`;
  if (COMPARISONS.test(path)) return `${path} changes how tests compare`;
  if (MOCKED_MODULES.test(path) && first) {
    const module = ts.isCallExpression(first) ? requiredModule(first) : constantText(first);
    return module === undefined || TEST_MODULES.test(module) || ASSERT_MODULES.test(module) || module.startsWith('.')
      ? `${path} replaces ${module ?? 'a module whose name is computed'}`
      : undefined;
  }
  if (/^vi\.stubGlobal$/.test(path) && first && isGlobalName(constantText(first) ?? 'globalThis'))
    return `${path} replaces ${normalised(first)}`;
  return SPIES.test(path) && first && isReplacedBySpy(node, first, names) ? `${path} replaces a part of ${normalised(first)}` : undefined;
}

/** A spy on the test API, or one that does the work of a core part of the language itself. One that only watches is fine. */
function isReplacedBySpy(call: ts.CallExpression, spied: ts.Expression, names: Names): boolean {
  if (names.isTestApi(spied)) return true;
  if (!CORE.test(names.pathOf(spied) ?? '')) return false;
  const { parent } = call;
  const chained =
    ts.isPropertyAccessExpression(parent) && /^(mock\w*|returns|resolves|rejects|throws|callsFake|value|get|set)$/.test(parent.name.text);
  return chained || call.arguments.length > 2 || /stub|replace|fake/i.test(call.expression.getText());
}

/** `const expect = () => ({ toBe() {} })` in a test file: all tests below take it for the runner's. */
function shadowed(node: ts.Node, names: Names): string | undefined {
  const declares = ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isVariableDeclaration(node);
  if (!declares || !node.name || !ts.isIdentifier(node.name) || !/^(expect|assert|it|test|describe|suite|should)$/.test(node.name.text))
    return undefined;
  const from = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  const isOwn = from !== undefined && (names.isTestApi(from) || /^(module:|test:module)/.test(names.pathOf(from) ?? ''));
  return isOwn ? undefined : `${node.name.text} is declared anew`;
}

/** That is for the rule on ending the process. */
function isExitCode(target: ts.Expression, names: Names): boolean {
  return names.pathOf(target) === 'process.exitCode';
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

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
