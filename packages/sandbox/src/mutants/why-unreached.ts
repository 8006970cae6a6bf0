import { ts } from 'ts-morph';

/**
 * What keeps a line (from 1) of a file from running in every call of its function, for people: a condition, an error, an earlier way
 * out. Undefined where every call of the function runs it, so that a test which does not has missed it.
 */
export function whyUnreached(file: string, source: string, line: number): string | undefined {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  let at = firstOn(tree, line);
  for (; at?.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const reason = branchReason(at, at.parent) ?? earlierExit(at);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The outermost node that starts on a line. */
function firstOn(tree: ts.SourceFile, line: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node !== tree && tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 === line) return node;
    return ts.forEachChild(node, find);
  };
  return find(tree);
}

function branchReason(node: ts.Node, parent: ts.Node): string | undefined {
  if (ts.isCatchClause(node)) return 'runs only after an error that no call of the test causes';
  if (ts.isIfStatement(parent) && node !== parent.expression)
    return node === parent.thenStatement ? `needs ${shown(parent.expression)}` : `needs the opposite of ${shown(parent.expression)}`;
  if (ts.isConditionalExpression(parent) && node !== parent.condition) return `depends on ${shown(parent.condition)}`;
  if (ts.isCaseClause(parent) && node !== parent.expression) return `needs the case ${shown(parent.expression)}`;
  if (ts.isDefaultClause(parent)) return 'needs a value of no other case';
  const isLoop = ts.isIterationStatement(parent, false);
  return isLoop && node === parent.statement ? 'runs only in a pass of its loop' : undefined;
}

/** `if (x) return;` before a statement of the same block. */
function earlierExit(node: ts.Node): string | undefined {
  if (!ts.isBlock(node.parent)) return undefined;
  const guard = node.parent.statements.find((one) => one.pos < node.pos && ts.isIfStatement(one) && leaves(one.thenStatement));
  return guard && ts.isIfStatement(guard) ? `is left out where ${shown(guard.expression)}` : undefined;
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last));
}

function shown(node: ts.Node): string {
  return `\`${node.getText().replace(/\s+/g, ' ').slice(0, 60)}\``;
}
