import { ts } from 'ts-morph';
import { type Insertion, inOrder } from './insertions.ts';

const DECLARES_TEST = /^(test|it|specify)$/;

/**
 * Insertions that let a test go on behind an assertion that failed, each expression statement of its body being an observation of its
 * own: one test then tells which of its assertions hold. Statements inside `try`, or in functions that are not a test's body, keep
 * their meaning and are left alone. `script`: the file itself is the test.
 */
export function splitAssertions(path: string, text: string, script: boolean): Insertion[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const insertions: Insertion[] = [];
  const visit = (node: ts.Node, inTest: boolean): void => {
    if (ts.isTryStatement(node)) return;
    if (ts.isFunctionLike(node)) {
      const test = isTestBody(node);
      ts.forEachChild(node, (child) => visit(child, test));
      return;
    }
    if (inTest && ts.isExpressionStatement(node) && canBeWrapped(node)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      const id = `"${line}:${insertions.length / 2}"`;
      const pair = insertions.length;
      insertions.push({ at: node.getStart(file), text: `try{`, pair, closes: false });
      insertions.push({ at: node.end, text: `;__selfheal_held(${id})}catch(e){__selfheal_saw(${id},e)}`, pair, closes: true });
      return;
    }
    ts.forEachChild(node, (child) => visit(child, inTest));
  };
  visit(file, script);
  return inOrder(insertions);
}

/** A directive must stay first, and a declaration of tests is no assertion. */
function canBeWrapped({ expression }: ts.ExpressionStatement): boolean {
  if (ts.isStringLiteral(expression)) return false;
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(call) && !declaresTest(call) && !/^(describe|suite|context)$/.test(calleeName(call));
}

function isTestBody(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && declaresTest(node.parent) && !hasGenerator(node);
}

function hasGenerator(node: ts.Node): boolean {
  return (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken !== undefined;
}

function declaresTest(call: ts.CallExpression): boolean {
  return DECLARES_TEST.test(calleeName(call));
}

/** `test`, also of `test.only(...)`, `test.each(...)(...)` and `t.test(...)`. */
function calleeName({ expression }: ts.CallExpression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression)) return calleeName(expression);
  if (!ts.isPropertyAccessExpression(expression)) return '';
  if (DECLARES_TEST.test(expression.name.text)) return expression.name.text;
  return ts.isIdentifier(expression.expression) ? expression.expression.text : '';
}
