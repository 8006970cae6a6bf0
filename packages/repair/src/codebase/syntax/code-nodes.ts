import { ts } from 'ts-morph';

/** Nodes that say what code does with other code; the rest of a tree is names, operators and punctuation. */
const KINDS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CallExpression,
  ts.SyntaxKind.NewExpression,
  ts.SyntaxKind.BinaryExpression,
  ts.SyntaxKind.ObjectLiteralExpression,
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.PropertyAssignment,
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.IfStatement,
]);

const collected = new WeakMap<ts.SourceFile, readonly ts.Node[]>();

/**
 * Calls, literals of objects and arrays, assignments, declarations, classes and conditions of a file outside of types, in source order.
 * Walked once for all who ask: in a large repository the walk, not the parser, is what takes the time.
 */
export function codeNodes(source: ts.SourceFile): readonly ts.Node[] {
  const known = collected.get(source);
  if (known !== undefined) return known;
  const nodes: ts.Node[] = [];
  ts.forEachChild(source, function visit(node) {
    if (KINDS.has(node.kind)) nodes.push(node);
    if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  });
  collected.set(source, nodes);
  return nodes;
}
