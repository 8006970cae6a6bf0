import {
  type ArrowFunction,
  type ConstructorDeclaration,
  type FunctionDeclaration,
  type FunctionExpression,
  type GetAccessorDeclaration,
  type MethodDeclaration,
  Node,
  type SetAccessorDeclaration,
  type SourceFile,
  type Statement,
  SyntaxKind,
} from 'ts-morph';

export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunction
  | MethodDeclaration
  | ConstructorDeclaration
  | GetAccessorDeclaration
  | SetAccessorDeclaration;

export function isFunctionNode(node: Node): node is FunctionNode {
  return (
    Node.isFunctionDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isArrowFunction(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isConstructorDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node)
  );
}

/** The innermost function around a node. */
export function functionAround(node: Node): FunctionNode | undefined {
  return node.getFirstAncestor((ancestor): ancestor is FunctionNode => isFunctionNode(ancestor));
}

/** The innermost statement around (or being) a node before which another statement may be put. */
export function statementAround(node: Node): Statement | undefined {
  for (let at: Node | undefined = node; at; at = at.getParent()) {
    if (Node.isStatement(at) && isStatementList(at.getParent())) return at;
    if (isFunctionNode(at) && at !== node) return undefined;
  }
  return undefined;
}

function isStatementList(node: Node | undefined): boolean {
  if (!node) return false;
  return Node.isBlock(node) || Node.isSourceFile(node) || Node.isCaseClause(node) || Node.isDefaultClause(node) || Node.isModuleBlock(node);
}

/** Nodes of a function's own body, not those of functions within it. */
export function* ownNodes(root: Node): Generator<Node> {
  for (const child of root.forEachChildAsArray()) {
    yield child;
    if (!isFunctionNode(child) && !Node.isClassDeclaration(child)) yield* ownNodes(child);
  }
}

/** The name a person would call a function by; undefined for an anonymous callback. */
export function functionName(fn: FunctionNode): string | undefined {
  if (Node.isConstructorDeclaration(fn)) return 'constructor';
  if (!Node.isArrowFunction(fn) && fn.getName() !== undefined) return fn.getName();
  const parent = fn.getParent();
  if (Node.isVariableDeclaration(parent) || Node.isPropertyAssignment(parent) || Node.isPropertyDeclaration(parent))
    return parent.getName();
  if (Node.isBinaryExpression(parent) && parent.getRight() === fn) return parent.getLeft().getText().split('.').at(-1);
  return undefined;
}

/** Names that are bound by the parameters of a function. */
export function parameterNames(fn: FunctionNode): string[] {
  return fn.getParameters().flatMap((parameter) => boundNames(parameter.getNameNode()));
}

/** Names bound by an identifier or destructuring pattern. */
export function boundNames(name: Node): string[] {
  if (Node.isIdentifier(name)) return [name.getText()];
  if (!Node.isObjectBindingPattern(name) && !Node.isArrayBindingPattern(name)) return [];
  return name.getElements().flatMap((element) => (Node.isBindingElement(element) ? boundNames(element.getNameNode()) : []));
}

/** Whether a name that stands in code at `at` can be used there: declared around it before, a parameter, an import or a module-level name. */
export function isInScope(name: string, at: Node): boolean {
  for (let scope: Node | undefined = at; scope; scope = scope.getParent()) {
    if (isFunctionNode(scope) && (parameterNames(scope).includes(name) || functionName(scope) === name)) return true;
    if (Node.isCatchClause(scope) && scope.getVariableDeclaration()?.getName() === name) return true;
    if ((Node.isForOfStatement(scope) || Node.isForInStatement(scope) || Node.isForStatement(scope)) && declaresInHead(scope, name))
      return true;
    if ((Node.isBlock(scope) || Node.isSourceFile(scope) || Node.isCaseClause(scope)) && declaresInList(scope, name, at)) return true;
  }
  return false;
}

function declaresInHead(loop: Node, name: string): boolean {
  const [head] = loop.getChildrenOfKind(SyntaxKind.VariableDeclarationList);
  return head?.getDeclarations().some((declaration) => boundNames(declaration.getNameNode()).includes(name)) ?? false;
}

function declaresInList(list: Node, name: string, at: Node): boolean {
  return list.forEachChildAsArray().some((statement) => {
    if (Node.isFunctionDeclaration(statement) || Node.isClassDeclaration(statement) || Node.isEnumDeclaration(statement))
      return statement.getName() === name;
    if (Node.isImportDeclaration(statement)) return importedNames(statement).includes(name);
    if (!Node.isVariableStatement(statement)) return false;
    const before = Node.isSourceFile(list) || statement.getEnd() <= at.getStart();
    return before && statement.getDeclarations().some((declaration) => boundNames(declaration.getNameNode()).includes(name));
  });
}

function importedNames(statement: Node): string[] {
  if (!Node.isImportDeclaration(statement)) return [];
  const named = statement.getNamedImports().map((named) => named.getAliasNode()?.getText() ?? named.getName());
  return [...named, statement.getDefaultImport()?.getText() ?? '', statement.getNamespaceImport()?.getText() ?? ''].filter(
    (name) => name !== '',
  );
}

/** Identifiers that an expression or statement reads or calls (not property names, keys or types). */
export function usedNames(node: Node): string[] {
  const identifiers = Node.isIdentifier(node) ? [node] : node.getDescendantsOfKind(SyntaxKind.Identifier);
  return [
    ...new Set(
      identifiers
        .filter((identifier) => {
          const parent = identifier.getParent();
          if (Node.isPropertyAccessExpression(parent)) return parent.getExpression() === identifier;
          if (Node.isPropertyAssignment(parent)) return parent.getInitializer() === identifier;
          return (
            !Node.isTypeReference(parent) &&
            !Node.isMethodDeclaration(parent) &&
            !Node.isBindingElement(parent) &&
            !Node.isParameterDeclaration(parent)
          );
        })
        .map((identifier) => identifier.getText()),
    ),
  ];
}

/** Whether evaluating an expression twice is the same as once: names, property chains, literals. */
export function isPlain(node: Node): boolean {
  return (
    !node.getDescendantsOfKind(SyntaxKind.CallExpression).length &&
    !Node.isCallExpression(node) &&
    !Node.isAwaitExpression(node) &&
    !Node.isNewExpression(node) &&
    !node.getDescendantsOfKind(SyntaxKind.AwaitExpression).length
  );
}

/** All functions of a file. */
export function functionsOf(source: SourceFile): FunctionNode[] {
  return source.getDescendants().filter((node): node is FunctionNode => isFunctionNode(node));
}
