import { ts } from 'ts-morph';

/** Methods of node:assert and chai's assert, each with the one that says the opposite. */
const OPPOSITES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['equal', 'notEqual'],
    ['strictEqual', 'notStrictEqual'],
    ['deepEqual', 'notDeepEqual'],
    ['deepStrictEqual', 'notDeepStrictEqual'],
    ['throws', 'doesNotThrow'],
    ['rejects', 'doesNotReject'],
    ['match', 'doesNotMatch'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A test file whose every assertion says the opposite; undefined where it has none that we know. A test that passes for what it asserts
 * fails then. One that passes still owes its result to something else: a replaced matcher, a forged report, an assertion never reached.
 */
export function negateAssertions(file: string, text: string): string | undefined {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const replacements: Replacement[] = [];
  const visit = (node: ts.Node): void => {
    const found = ts.isExpressionStatement(node) || isReturnedValue(node) ? negated(node, tree) : undefined;
    if (found !== undefined) replacements.push(found);
    else ts.forEachChild(node, visit);
  };
  visit(tree);
  if (replacements.length === 0) return undefined;
  return replacements.reduceRight((whole, { start, end, text: put }) => whole.slice(0, start) + put + whole.slice(end), text);
}

/** `() => expect(x).toBe(1)` and `return expect(x).resolves.toBe(1)`. */
function isReturnedValue(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || (ts.isExpression(node) && ts.isArrowFunction(node.parent) && node.parent.body === node);
}

function negated(node: ts.Node, tree: ts.SourceFile): Replacement | undefined {
  let expression: ts.Node | undefined = ts.isExpressionStatement(node) || ts.isReturnStatement(node) ? node.expression : node;
  while (expression && (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression))) expression = expression.expression;
  if (expression === undefined) return undefined;
  const access = ts.isCallExpression(expression) ? expression.expression : expression;
  if (ts.isPropertyAccessExpression(access) && isExpectation(access.expression)) return negatedExpectation(access, tree);
  return ts.isCallExpression(expression) ? negatedAssert(expression, tree) : undefined;
}

/** `expect(x).toBe(y)` becomes `expect(x).not.toBe(y)` and the other way round. */
function negatedExpectation(access: ts.PropertyAccessExpression, tree: ts.SourceFile): Replacement {
  for (let at: ts.Node = access.expression; ts.isPropertyAccessExpression(at) || ts.isCallExpression(at); at = at.expression) {
    if (ts.isPropertyAccessExpression(at) && at.name.text === 'not') return { start: at.expression.end, end: at.end, text: '' };
  }
  const start = access.name.getStart(tree);
  return { start, end: start, text: 'not.' };
}

/** A chain that begins with `expect(...)`. */
function isExpectation(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return isExpectation(node.expression);
  if (!ts.isCallExpression(node)) return false;
  return ts.isIdentifier(node.expression) ? node.expression.text === 'expect' : isExpectation(node.expression);
}

function negatedAssert(call: ts.CallExpression, tree: ts.SourceFile): Replacement | undefined {
  const [first] = call.arguments;
  const callee = call.expression;
  const isAssert = (node: ts.Expression): boolean => /(^|\.)assert(\.strict)?$/.test(node.getText(tree));
  const name =
    ts.isPropertyAccessExpression(callee) && isAssert(callee.expression) ? callee.name.text : isAssert(callee) ? 'ok' : undefined;
  if (name === undefined || first === undefined) return undefined;
  if (name === 'ok') return { start: first.getStart(tree), end: first.end, text: `!(${first.getText(tree)})` };
  const opposite = OPPOSITES[name];
  return opposite === undefined || !ts.isPropertyAccessExpression(callee)
    ? undefined
    : { start: callee.name.getStart(tree), end: callee.name.end, text: opposite };
}
