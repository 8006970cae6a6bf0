import { ts } from 'ts-morph';
import { isFunctionNode } from './parse-source.ts';

export type Declaration =
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ClassDeclaration
  | ts.ClassExpression
  | ts.ImportClause
  | ts.ImportSpecifier
  | ts.NamespaceImport
  | ts.ImportEqualsDeclaration
  | ts.EnumDeclaration;

type Names = ReadonlyMap<string, Declaration>;

const scopes = new WeakMap<ts.Node, Names>();

/**
 * The declaration that a name means at a place, by lexical scope within the file; undefined for globals. A name out of a pattern
 * gives the variable or parameter that is taken apart.
 */
export function lookup(name: string, from: ts.Node): Declaration | undefined {
  for (let at: ts.Node | undefined = from; at !== undefined; at = at.parent) {
    const found = isScope(at) ? namesOf(at).get(name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All names that can be written at a place, nearest scope first. */
export function namesInScope(from: ts.Node): Map<string, Declaration> {
  const names = new Map<string, Declaration>();
  for (let at: ts.Node | undefined = from; at !== undefined; at = at.parent) {
    if (!isScope(at)) continue;
    for (const [name, declaration] of namesOf(at)) if (!names.has(name)) names.set(name, declaration);
  }
  return names;
}

function isScope(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) ||
    ts.isBlock(node) ||
    ts.isModuleBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isCatchClause(node) ||
    ts.isClassExpression(node) ||
    isFunctionNode(node)
  );
}

function namesOf(scope: ts.Node): Names {
  const known = scopes.get(scope);
  if (known !== undefined) return known;
  const names = new Map<string, Declaration>();
  if (isFunctionNode(scope)) addFunction(scope, names);
  else if (ts.isClassExpression(scope)) addNamed(scope, names);
  else if (ts.isCatchClause(scope)) addVariable(scope.variableDeclaration, names);
  else if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) addList(scope.initializer, names);
  else if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope))
    for (const one of scope.statements) addStatement(one, names);
  else if (ts.isCaseBlock(scope)) for (const clause of scope.clauses) for (const one of clause.statements) addStatement(one, names);
  if (ts.isSourceFile(scope)) addHoisted(scope, names);
  scopes.set(scope, names);
  return names;
}

function addFunction(scope: ts.FunctionLikeDeclaration, names: Map<string, Declaration>): void {
  for (const parameter of scope.parameters) addBinding(parameter.name, parameter, names);
  if (ts.isFunctionExpression(scope)) addNamed(scope, names);
  if (scope.body !== undefined) addHoisted(scope.body, names);
}

function addStatement(statement: ts.Statement, names: Map<string, Declaration>): void {
  if (ts.isVariableStatement(statement)) addList(statement.declarationList, names);
  else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    addNamed(statement, names);
  else if (ts.isImportDeclaration(statement)) addImports(statement.importClause, names);
  else if (ts.isImportEqualsDeclaration(statement)) names.set(statement.name.text, statement);
}

function addImports(clause: ts.ImportClause | undefined, names: Map<string, Declaration>): void {
  if (clause?.name !== undefined) names.set(clause.name.text, clause);
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) names.set(bindings.name.text, bindings);
  else for (const element of bindings.elements) names.set(element.name.text, element);
}

function addList(list: ts.ForInitializer | undefined, names: Map<string, Declaration>): void {
  if (list === undefined || !ts.isVariableDeclarationList(list)) return;
  for (const declaration of list.declarations) addVariable(declaration, names);
}

function addVariable(declaration: ts.VariableDeclaration | undefined, names: Map<string, Declaration>): void {
  if (declaration !== undefined) addBinding(declaration.name, declaration, names);
}

function addBinding(name: ts.BindingName, declaration: Declaration, names: Map<string, Declaration>): void {
  if (ts.isIdentifier(name)) {
    if (!names.has(name.text)) names.set(name.text, declaration);
    return;
  }
  for (const element of name.elements) if (ts.isBindingElement(element)) addBinding(element.name, declaration, names);
}

function addNamed(
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ClassLikeDeclaration | ts.EnumDeclaration,
  names: Map<string, Declaration>,
): void {
  if (node.name !== undefined && !names.has(node.name.text)) names.set(node.name.text, node);
}

/** `var` belongs to the whole function, however deep it stands. */
function addHoisted(root: ts.Node, names: Map<string, Declaration>): void {
  ts.forEachChild(root, function visit(node) {
    if (isFunctionNode(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) addList(node, names);
    ts.forEachChild(node, visit);
  });
}
