import { ts } from 'ts-morph';

const MOST_NAMES = 24;

/** Names bound where a node stands, nearest scope first; those declared later in the same scope are left out, functions excepted. */
export function namesAt(node: ts.Node): string[] {
  const names = new Set<string>();
  const position = node.getStart();
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) for (const parameter of at.parameters) addBinding(parameter.name, names);
    if (ts.isForStatement(at) || ts.isForOfStatement(at) || ts.isForInStatement(at)) addList(at.initializer, position, names);
    if (ts.isCatchClause(at) && at.variableDeclaration !== undefined) addBinding(at.variableDeclaration.name, names);
    if (ts.isBlock(at) || ts.isSourceFile(at)) for (const statement of at.statements) addStatement(statement, position, names);
  }
  return [...names].slice(0, MOST_NAMES);
}

function addStatement(statement: ts.Statement, position: number, names: Set<string>): void {
  if (ts.isVariableStatement(statement)) addList(statement.declarationList, position, names);
  else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name !== undefined)
    names.add(statement.name.text);
  else if (ts.isImportDeclaration(statement)) addImports(statement, names);
}

function addList(list: ts.Node | undefined, position: number, names: Set<string>): void {
  if (list === undefined || !ts.isVariableDeclarationList(list)) return;
  for (const declaration of list.declarations) if (declaration.getStart() <= position) addBinding(declaration.name, names);
}

function addBinding(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) addBinding(element.name, names);
}

function addImports({ importClause }: ts.ImportDeclaration, names: Set<string>): void {
  if (importClause?.name !== undefined) names.add(importClause.name.text);
  const bindings = importClause?.namedBindings;
  if (bindings !== undefined && ts.isNamedImports(bindings)) for (const { name } of bindings.elements) names.add(name.text);
}
