import { ts } from 'ts-morph';
import { codeNodes } from './code-nodes.ts';
import { hasModifier, isFunctionNode, propertyName, stringValue, unwrap } from './parse-source.ts';

/** A name bound to (part of) another module: `name` is an exported name, `default`, or `*` for the whole module. */
export interface ImportBinding {
  readonly specifier: string;
  readonly name: string;
}

/** What an exported name stands for: a local name, a node written in place, or a name of another module. */
export type ExportTarget = { readonly local: string } | { readonly node: ts.Node } | { readonly from: ImportBinding };

export interface ModuleFacts {
  /** Imported and required names by their local name. */
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** By exported name; `default` for ES modules, `module.exports` for a CommonJS module's whole value. */
  readonly exports: ReadonlyMap<string, ExportTarget>;
  /** Modules re-exported as a whole. */
  readonly exportAll: readonly string[];
  readonly kind: 'esm' | 'commonjs' | 'script';
}

/** Reads what a file imports and exports, in ES module and CommonJS style, from its syntax alone. */
export function readModuleFacts(source: ts.SourceFile): ModuleFacts {
  const facts = {
    imports: new Map<string, ImportBinding>(),
    exports: new Map<string, ExportTarget>(),
    exportAll: [] as string[],
    esm: false,
    cjs: false,
  };
  for (const statement of source.statements) readEsStatement(statement, facts);
  for (const node of codeNodes(source)) {
    if (ts.isVariableDeclaration(node)) readRequire(node, facts);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) readCommonJsExport(node, facts);
  }
  return {
    imports: facts.imports,
    exports: facts.exports,
    exportAll: facts.exportAll,
    kind: facts.esm ? 'esm' : facts.cjs ? 'commonjs' : 'script',
  };
}

interface Draft {
  imports: Map<string, ImportBinding>;
  exports: Map<string, ExportTarget>;
  exportAll: string[];
  esm: boolean;
  cjs: boolean;
}

function readEsStatement(statement: ts.Statement, facts: Draft): void {
  if (ts.isImportDeclaration(statement)) readImport(statement, facts);
  else if (ts.isImportEqualsDeclaration(statement)) readImportEquals(statement, facts);
  else if (ts.isExportDeclaration(statement)) readReExport(statement, facts);
  else if (ts.isExportAssignment(statement) && statement.isExportEquals) setModuleExports(unwrap(statement.expression), facts);
  else if (ts.isExportAssignment(statement)) {
    facts.esm = true;
    const value = unwrap(statement.expression);
    facts.exports.set('default', ts.isIdentifier(value) ? { local: value.text } : { node: value });
  } else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) readExported(statement, facts);
}

function readImport(statement: ts.ImportDeclaration, facts: Draft): void {
  facts.esm = true;
  const specifier = stringValue(statement.moduleSpecifier);
  const clause = statement.importClause;
  if (specifier === undefined || clause === undefined) return;
  if (clause.name !== undefined) facts.imports.set(clause.name.text, { specifier, name: 'default' });
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) facts.imports.set(bindings.name.text, { specifier, name: '*' });
  else for (const one of bindings.elements) facts.imports.set(one.name.text, { specifier, name: (one.propertyName ?? one.name).text });
}

function readReExport(statement: ts.ExportDeclaration, facts: Draft): void {
  facts.esm = true;
  const specifier = stringValue(statement.moduleSpecifier);
  const clause = statement.exportClause;
  if (clause === undefined) {
    if (specifier !== undefined) facts.exportAll.push(specifier);
  } else if (ts.isNamespaceExport(clause)) {
    if (specifier !== undefined) facts.exports.set(clause.name.text, { from: { specifier, name: '*' } });
  } else {
    for (const one of clause.elements) {
      const inner = (one.propertyName ?? one.name).text;
      facts.exports.set(one.name.text, specifier === undefined ? { local: inner } : { from: { specifier, name: inner } });
    }
  }
}

function readExported(statement: ts.Statement, facts: Draft): void {
  facts.esm = true;
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations) {
      if (ts.isIdentifier(declaration.name)) facts.exports.set(declaration.name.text, { local: declaration.name.text });
    }
  } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    const exported = isDefault ? 'default' : statement.name?.text;
    if (exported !== undefined) facts.exports.set(exported, statement.name ? { local: statement.name.text } : { node: statement });
  }
}

function readRequire(declaration: ts.VariableDeclaration, facts: Draft): void {
  const required = requiredModule(declaration.initializer);
  if (required === undefined) return;
  const { specifier, member } = required;
  if (ts.isIdentifier(declaration.name)) facts.imports.set(declaration.name.text, { specifier, name: member ?? '*' });
  else if (ts.isObjectBindingPattern(declaration.name) && member === undefined) {
    for (const element of declaration.name.elements) {
      if (ts.isIdentifier(element.name))
        facts.imports.set(element.name.text, { specifier, name: propertyName(element.propertyName ?? element.name) ?? '*' });
    }
  }
}

/** `require('x')`, `require('x').y`, `await import('x')`. */
export function requiredModule(expression: ts.Expression | undefined): { specifier: string; member?: string } | undefined {
  if (expression === undefined) return undefined;
  const value = unwrap(expression);
  if (ts.isAwaitExpression(value)) return requiredModule(value.expression);
  if (ts.isPropertyAccessExpression(value)) {
    const inner = requiredModule(value.expression);
    return inner && inner.member === undefined ? { specifier: inner.specifier, member: value.name.text } : undefined;
  }
  if (!ts.isCallExpression(value)) return undefined;
  const specifier = stringValue(value.arguments[0]);
  const isRequire = ts.isIdentifier(value.expression) && value.expression.text === 'require';
  return specifier !== undefined && (isRequire || value.expression.kind === ts.SyntaxKind.ImportKeyword) ? { specifier } : undefined;
}

function readCommonJsExport(assignment: ts.BinaryExpression, facts: Draft): void {
  const exported = commonJsExportName(assignment.left);
  if (exported === undefined) return;
  const value = unwrap(assignment.right);
  facts.cjs = true;
  if (exported === 'module.exports') setModuleExports(value, facts);
  else facts.exports.set(exported, exportTarget(value));
}

/** `module.exports = value`, in TypeScript also `export = value`. */
function setModuleExports(value: ts.Expression, facts: Draft): void {
  facts.cjs = true;
  facts.exports.set('module.exports', exportTarget(value));
  if (ts.isObjectLiteralExpression(value)) readExportedObject(value, facts);
}

/** `import fs = require('node:fs')`, TypeScript's form for CommonJS. */
function readImportEquals({ name, moduleReference }: ts.ImportEqualsDeclaration, facts: Draft): void {
  if (!ts.isExternalModuleReference(moduleReference)) return;
  facts.cjs = true;
  const specifier = stringValue(moduleReference.expression);
  if (specifier !== undefined) facts.imports.set(name.text, { specifier, name: '*' });
}

/** `x` for `exports.x` and `module.exports.x`; `module.exports` for the whole. */
export function commonJsExportName(target: ts.Expression): string | undefined {
  if (!ts.isPropertyAccessExpression(target)) return undefined;
  const owner = target.expression;
  if (ts.isIdentifier(owner)) {
    if (owner.text === 'exports') return target.name.text;
    return owner.text === 'module' && target.name.text === 'exports' ? 'module.exports' : undefined;
  }
  return commonJsExportName(owner) === 'module.exports' ? target.name.text : undefined;
}

function exportTarget(value: ts.Expression): ExportTarget {
  const required = requiredModule(value);
  if (required !== undefined) return { from: { specifier: required.specifier, name: required.member ?? '*' } };
  return ts.isIdentifier(value) ? { local: value.text } : { node: value };
}

function readExportedObject(value: ts.ObjectLiteralExpression, facts: Draft): void {
  for (const member of value.properties) {
    if (ts.isSpreadAssignment(member)) {
      const required = requiredModule(member.expression);
      if (required !== undefined) facts.exportAll.push(required.specifier);
      continue;
    }
    const name = propertyName(member.name);
    if (name === undefined) continue;
    if (ts.isShorthandPropertyAssignment(member)) facts.exports.set(name, { local: name });
    else if (ts.isPropertyAssignment(member)) facts.exports.set(name, exportTarget(unwrap(member.initializer)));
    else if (isFunctionNode(member)) facts.exports.set(name, { node: member });
  }
}
