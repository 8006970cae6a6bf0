import { ts } from 'ts-morph';
import type { CodeFunction } from '../codebase/code-index.ts';
import { descendants, isFunctionNode, lineOf, unwrap } from '../codebase/syntax/parse-source.ts';

/** How a function can end with undefined or null; undefined where its code shows no such way. */
export function mayReturnNothing(one: CodeFunction): { why: string; line: number } | undefined {
  const { body } = one.node;
  if (!ts.isBlock(body)) return nothingIn(body);
  let returnsValue = false;
  for (const node of descendants(body, (at) => at === body || !isFunctionNode(at))) {
    if (!ts.isReturnStatement(node)) continue;
    if (node.expression === undefined) return { why: 'it returns without a value', line: lineOf(node) };
    const nothing = nothingIn(node.expression);
    if (nothing !== undefined) return nothing;
    returnsValue = true;
  }
  return returnsValue && !endsAlways(body) ? { why: 'its end is reached without a return', line: one.endLine } : undefined;
}

function nothingIn(expression: ts.Expression): { why: string; line: number } | undefined {
  const value = unwrap(expression);
  const line = lineOf(value);
  if (value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined'))
    return { why: `it returns ${value.getText()}`, line };
  if (ts.isAwaitExpression(value)) return nothingIn(value.expression);
  if (ts.isConditionalExpression(value)) return nothingIn(value.whenTrue) ?? nothingIn(value.whenFalse);
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return nothingIn(value.right);
  if (ts.isElementAccessExpression(value)) return { why: `it returns \`${value.getText().slice(0, 60)}\`, which may not exist`, line };
  if (ts.isCallExpression(value) && ts.isPropertyAccessExpression(value.expression)) {
    const method = value.expression.name.text;
    if (
      ['find', 'findLast', 'pop', 'shift', 'at', 'match', 'exec'].includes(method) ||
      (method === 'get' && value.arguments.length === 1)
    ) {
      return { why: `it returns the result of \`${method}\`, which may be nothing`, line };
    }
  }
  return undefined;
}

/** Every way through the statement returns or throws. */
function endsAlways(statement: ts.Statement | undefined): boolean {
  if (statement === undefined) return false;
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return true;
  if (ts.isBlock(statement)) return statement.statements.some(endsAlways);
  if (ts.isIfStatement(statement)) return endsAlways(statement.thenStatement) && endsAlways(statement.elseStatement);
  if (ts.isTryStatement(statement)) {
    return (
      endsAlways(statement.finallyBlock) ||
      (endsAlways(statement.tryBlock) && (statement.catchClause === undefined || endsAlways(statement.catchClause.block)))
    );
  }
  if (ts.isSwitchStatement(statement)) {
    const { clauses } = statement.caseBlock;
    const last = clauses.at(-1);
    return (
      clauses.some(ts.isDefaultClause) &&
      last?.statements.some(endsAlways) === true &&
      clauses.every((one) => one.statements.length === 0 || one.statements.some(endsAlways))
    );
  }
  const isForever = ts.isWhileStatement(statement) && statement.expression.kind === ts.SyntaxKind.TrueKeyword;
  return isForever || (ts.isForStatement(statement) && statement.condition === undefined);
}
