import { ts } from 'ts-morph';

const KINDS: Readonly<Record<string, ts.ScriptKind>> = {
  ts: ts.ScriptKind.TS,
  mts: ts.ScriptKind.TS,
  cts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
};

/** Parses one file with parents set. Plain JavaScript is read as JSX, which is a superset. Syntax errors leave a partial tree. */
export function parseSource(path: string, text: string): ts.SourceFile {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, KINDS[extension] ?? ts.ScriptKind.JSX);
}

/** Line of a node's first token, from 1. */
export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** Line of a node's end, from 1. */
export function endLineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getEnd()).line + 1;
}

/** Column of a node's first token, from 1. */
export function columnOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).character + 1;
}

/** All nodes below `root` in source order, `root` first. `enter` false leaves a node's children out. */
export function* descendants(root: ts.Node, enter: (node: ts.Node) => boolean = () => true): Generator<ts.Node> {
  yield root;
  if (!enter(root)) return;
  const children: ts.Node[] = [];
  ts.forEachChild(root, (child) => {
    children.push(child);
  });
  for (const child of children) yield* descendants(child, enter);
}

/** The nearest ancestor (not the node itself) that the guard accepts. */
export function ancestor<T extends ts.Node>(node: ts.Node, accepts: (node: ts.Node) => node is T): T | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) if (accepts(at)) return at;
  return undefined;
}

/** Parentheses, `as`, `!`, `satisfies` and type assertions say nothing about where a value comes from. */
export function unwrap(expression: ts.Expression): ts.Expression {
  let at = expression;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isTypeAssertionExpression(at)
  ) {
    at = at.expression;
  }
  return at;
}

export type FunctionNode = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

/** A function of any kind that has a body. */
export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node) ||
      ts.isGetAccessorDeclaration(node) ||
      ts.isSetAccessorDeclaration(node)) &&
    node.body !== undefined
  );
}

/** `hasModifier(node, ts.SyntaxKind.AsyncKeyword)` */
export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}

/** The text of a string or a template without parts. */
export function stringValue(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** The name of a property, where it is written down. */
export function propertyName(name: ts.PropertyName | ts.BindingName | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) ? stringValue(name.expression) : undefined;
}
