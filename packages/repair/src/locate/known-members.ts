import { ts } from 'ts-morph';
import type { CodeFile, CodeFunction } from '../codebase/code-index.ts';
import { resolveFunctions, resolveName } from '../codebase/resolve-callee.ts';
import { descendants, isFunctionNode, propertyName, unwrap } from '../codebase/syntax/parse-source.ts';
import { lookup } from '../codebase/syntax/scope.ts';
import type { CodeView } from './code-view.ts';

const MAX_STEPS = 6;

/**
 * The fields that an object has by the code that makes it or the type that names it; undefined where the code does not show all of
 * them (spreads, unknown makers, types of other packages).
 */
export function knownMembers(view: CodeView, file: CodeFile, expression: ts.Expression, steps = 0): Set<string> | undefined {
  const value = unwrap(expression);
  if (steps > MAX_STEPS) return undefined;
  if (ts.isAwaitExpression(value)) return knownMembers(view, file, value.expression, steps + 1);
  if (ts.isObjectLiteralExpression(value)) return literalMembers(value);
  if (ts.isCallExpression(value)) {
    const [only, ...others] = resolveFunctions(view.index, file, value.expression);
    return only === undefined || others.length > 0 ? undefined : returnedMembers(view, only, steps);
  }
  if (!ts.isIdentifier(value)) return undefined;
  const declared = lookup(value.text, value);
  if (declared === undefined || (!ts.isVariableDeclaration(declared) && !ts.isParameter(declared)) || !ts.isIdentifier(declared.name))
    return undefined;
  if (declared.type !== undefined) return typeMembers(view, file, declared.type, steps);
  return ts.isVariableDeclaration(declared) && declared.initializer ? knownMembers(view, file, declared.initializer, steps + 1) : undefined;
}

function literalMembers(literal: ts.ObjectLiteralExpression): Set<string> | undefined {
  const names = literal.properties.map((member) => (ts.isSpreadAssignment(member) ? undefined : propertyName(member.name)));
  return namesOrNothing(names);
}

/** What every return of a function gives has one of these fields. */
function returnedMembers(view: CodeView, one: CodeFunction, steps: number): Set<string> | undefined {
  const { body } = one.node;
  if (!ts.isBlock(body)) return knownMembers(view, one.file, body, steps + 1);
  const all = new Set<string>();
  for (const node of descendants(body, (at) => at === body || !isFunctionNode(at))) {
    if (!ts.isReturnStatement(node) || node.expression === undefined || unwrap(node.expression).kind === ts.SyntaxKind.NullKeyword)
      continue;
    const members = knownMembers(view, one.file, node.expression, steps + 1);
    if (members === undefined) return undefined;
    for (const name of members) all.add(name);
  }
  return all.size === 0 ? undefined : all;
}

function typeMembers(view: CodeView, file: CodeFile, type: ts.TypeNode, steps: number): Set<string> | undefined {
  if (steps > MAX_STEPS) return undefined;
  if (ts.isTypeLiteralNode(type)) return namesOrNothing(type.members.map((member) => propertyName(member.name)));
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
  const found = findType(view, file, type.typeName.text);
  if (found === undefined) return undefined;
  if (ts.isTypeAliasDeclaration(found.node)) return typeMembers(view, found.file, found.node.type, steps + 1);
  if ((found.node.heritageClauses?.length ?? 0) > 0) return undefined;
  return namesOrNothing([...found.node.members].map((member) => propertyName(member.name)));
}

type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration;

/** A type by its name: of the file itself, else of the file that it is imported from. */
function findType(view: CodeView, file: CodeFile, name: string): { file: CodeFile; node: TypeDeclaration } | undefined {
  const own = declaredType(file, name);
  if (own !== undefined) return { file, node: own };
  const binding = file.facts.imports.get(name);
  const path = binding && view.index.resolve(file.path, binding.specifier);
  const other = path === undefined ? undefined : view.index.files.get(path);
  const node = other && binding && declaredType(other, binding.name);
  if (other !== undefined && node !== undefined) return { file: other, node };
  const resolved = resolveName(view.index, file, name, file.source);
  return resolved !== undefined && ts.isClassDeclaration(resolved.node) ? { file: resolved.file, node: resolved.node } : undefined;
}

function declaredType(file: CodeFile, name: string): TypeDeclaration | undefined {
  return file.source.statements.find(
    (one): one is TypeDeclaration =>
      (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) || ts.isClassDeclaration(one)) && one.name?.text === name,
  );
}

function namesOrNothing(names: readonly (string | undefined)[]): Set<string> | undefined {
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length && known.length > 0 ? new Set(known) : undefined;
}
