import { ts } from 'ts-morph';
import { type CodeFile, type CodeFunction, type CodeIndex, shortName } from './code-index.ts';
import type { ExportTarget, ImportBinding } from './syntax/module-facts.ts';
import { isFunctionNode, propertyName, unwrap } from './syntax/parse-source.ts';
import { type Declaration, lookup } from './syntax/scope.ts';

/** Names that nearly always mean a method of the language: never matched by name alone. */
const BUILTIN_METHODS = new Set(
  (
    'at concat copyWithin entries every fill filter find findIndex findLast flat flatMap forEach from includes indexOf join keys lastIndexOf map of pop push ' +
    'reduce reduceRight reverse shift slice some sort splice toReversed toSorted unshift values with add clear delete get has set apply bind call then catch ' +
    'finally charAt charCodeAt endsWith localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search split startsWith substring ' +
    'toLowerCase toUpperCase trim test exec toString valueOf toFixed toISOString getTime parse stringify log info warn error debug trace emit on once off end ' +
    'write read close send json status header next done use listen resolve reject all race keys assign freeze now constructor'
  ).split(' '),
);
/** A method name shared by more implementations than this tells too little. */
const MAX_IMPLEMENTATIONS = 3;
const MAX_HOPS = 8;

/** The functions of the code base that an expression in call position (or passed as a callback) may mean; empty for others. */
export function resolveFunctions(index: CodeIndex, file: CodeFile, callee: ts.Expression): readonly CodeFunction[] {
  const value = unwrap(callee);
  if (isFunctionNode(value)) return optional(index.byNode.get(value));
  if (ts.isIdentifier(value)) return optional(functionOf(index, resolveName(index, file, value.text, value)));
  if (ts.isPropertyAccessExpression(value)) return resolveMember(index, file, value);
  return [];
}

/** The node that a name finally means: a function, class, variable declaration or expression, in whatever file. */
export interface Resolved {
  readonly file: CodeFile;
  readonly node: ts.Node;
}

export function resolveName(index: CodeIndex, file: CodeFile, name: string, from: ts.Node, hops = 0): Resolved | undefined {
  const declaration = lookup(name, from);
  if (declaration === undefined || hops > MAX_HOPS) return undefined;
  const binding = importOf(file, name, declaration);
  return binding === undefined ? { file, node: declaration } : resolveBinding(index, file, binding, hops + 1);
}

function importOf(file: CodeFile, name: string, declaration: Declaration): ImportBinding | undefined {
  const isImport = ts.isImportClause(declaration) || ts.isImportSpecifier(declaration) || ts.isNamespaceImport(declaration);
  const isModuleLevel = ts.isVariableDeclaration(declaration);
  return isImport || isModuleLevel ? file.facts.imports.get(name) : undefined;
}

/** What a binding to another module means; a whole module resolves to its source file. */
export function resolveBinding(index: CodeIndex, from: CodeFile, binding: ImportBinding, hops = 0): Resolved | undefined {
  const path = index.resolve(from.path, binding.specifier);
  const file = path === undefined ? undefined : index.files.get(path);
  if (file === undefined || hops > MAX_HOPS) return undefined;
  if (binding.name !== '*') return resolveExport(index, file, binding.name, hops + 1);
  const whole = file.facts.exports.get('module.exports');
  return whole === undefined ? { file, node: file.source } : resolveTarget(index, file, whole, hops + 1);
}

function resolveExport(index: CodeIndex, file: CodeFile, name: string, hops: number): Resolved | undefined {
  if (hops > MAX_HOPS) return undefined;
  // A default import of a CommonJS module means the whole of it.
  const target = file.facts.exports.get(name) ?? (name === 'default' ? file.facts.exports.get('module.exports') : undefined);
  if (target !== undefined) return resolveTarget(index, file, target, hops);
  for (const specifier of file.facts.exportAll) {
    const path = index.resolve(file.path, specifier);
    const found = path === undefined ? undefined : index.files.get(path);
    const resolved = found && resolveExport(index, found, name, hops + 1);
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

function resolveTarget(index: CodeIndex, file: CodeFile, target: ExportTarget, hops: number): Resolved | undefined {
  if ('node' in target) return { file, node: target.node };
  if ('local' in target) return resolveName(index, file, target.local, file.source, hops + 1);
  return resolveBinding(index, file, target.from, hops + 1);
}

/** The function that a resolved node is: itself, what a variable holds, or a class's constructor. */
function functionOf(index: CodeIndex, resolved: Resolved | undefined): CodeFunction | undefined {
  if (resolved === undefined) return undefined;
  const known = index.byNode.get(resolved.node);
  if (known !== undefined) return known;
  if (ts.isClassLike(resolved.node)) {
    const made = resolved.node.members.find(ts.isConstructorDeclaration);
    return made && index.byNode.get(made);
  }
  const value = heldValue(resolved.node);
  if (value === undefined) return undefined;
  if (ts.isIdentifier(value)) {
    const next = resolveName(index, resolved.file, value.text, value, MAX_HOPS - 1);
    return next && index.byNode.get(next.node);
  }
  return index.byNode.get(value) ?? wrappedFunction(index, value);
}

/** `const handler = wrap(async () => ...)`: the function within. */
function wrappedFunction(index: CodeIndex, value: ts.Node): CodeFunction | undefined {
  if (!ts.isCallExpression(value)) return undefined;
  for (const argument of value.arguments) {
    const inner = unwrap(argument);
    const found = index.byNode.get(inner) ?? wrappedFunction(index, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function heldValue(node: ts.Node): ts.Expression | undefined {
  if (ts.isVariableDeclaration(node)) return ts.isIdentifier(node.name) && node.initializer ? unwrap(node.initializer) : undefined;
  return ts.isExpression(node) ? unwrap(node) : undefined;
}

function resolveMember(index: CodeIndex, file: CodeFile, access: ts.PropertyAccessExpression): readonly CodeFunction[] {
  const name = access.name.text;
  const owner = unwrap(access.expression);
  if (owner.kind === ts.SyntaxKind.ThisKeyword || owner.kind === ts.SyntaxKind.SuperKeyword) {
    const found = memberOfEnclosing(index, access, name);
    return found.length > 0 ? found : byNameAlone(index, name);
  }
  const resolved = ts.isIdentifier(owner) ? resolveName(index, file, owner.text, owner) : undefined;
  const found = resolved && membersOf(index, resolved, name, 0);
  if (found !== undefined) return found;
  // A name bound to a package outside the repository has none of our functions.
  if (ts.isIdentifier(owner) && resolved === undefined && file.facts.imports.has(owner.text)) return [];
  return byNameAlone(index, name);
}

function memberOfEnclosing(index: CodeIndex, from: ts.Node, name: string): readonly CodeFunction[] {
  for (let at: ts.Node | undefined = from.parent; at !== undefined; at = at.parent) {
    if (ts.isClassLike(at) || ts.isObjectLiteralExpression(at)) {
      const found = memberFunction(index, at, name);
      if (found !== undefined) return [found];
    }
  }
  return [];
}

/** Functions called `name` on what the node is; undefined where nothing is known of it. */
function membersOf(index: CodeIndex, resolved: Resolved, name: string, hops: number): readonly CodeFunction[] | undefined {
  if (hops > MAX_HOPS) return undefined;
  const { node, file } = resolved;
  if (ts.isSourceFile(node)) return optional(functionOf(index, resolveExport(index, file, name, hops)));
  if (ts.isClassLike(node) || ts.isObjectLiteralExpression(node))
    return optional(memberFunction(index, node, name) ?? shorthand(index, resolved, name));
  const value = ts.isVariableDeclaration(node) ? heldValue(node) : undefined;
  if (value === undefined) return typedMembers(index, resolved, name);
  if (ts.isObjectLiteralExpression(value)) return membersOf(index, { file, node: value }, name, hops + 1);
  if (ts.isNewExpression(value) && ts.isIdentifier(value.expression)) {
    const made = resolveName(index, file, value.expression.text, value);
    return made && membersOf(index, made, name, hops + 1);
  }
  return undefined;
}

/** A parameter or variable typed by a class of the code base: `store: OrderStore`. */
function typedMembers(index: CodeIndex, { file, node }: Resolved, name: string): readonly CodeFunction[] | undefined {
  const type = ts.isParameter(node) || ts.isVariableDeclaration(node) ? node.type : undefined;
  if (type === undefined || !ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
  const declared = resolveName(index, file, type.typeName.text, node);
  const found = declared && ts.isClassLike(declared.node) ? memberFunction(index, declared.node, name) : undefined;
  return found && [found];
}

function memberFunction(
  index: CodeIndex,
  owner: ts.ClassLikeDeclaration | ts.ObjectLiteralExpression,
  name: string,
): CodeFunction | undefined {
  for (const member of ts.isObjectLiteralExpression(owner) ? owner.properties : owner.members) {
    if (ts.isShorthandPropertyAssignment(member) || ts.isSpreadAssignment(member) || propertyName(member.name) !== name) continue;
    const value =
      (ts.isPropertyAssignment(member) || ts.isPropertyDeclaration(member)) && member.initializer ? unwrap(member.initializer) : member;
    return index.byNode.get(value);
  }
  return undefined;
}

function shorthand(index: CodeIndex, { file, node }: Resolved, name: string): CodeFunction | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  for (const member of node.properties) {
    if (ts.isShorthandPropertyAssignment(member) && member.name.text === name)
      return functionOf(index, resolveName(index, file, name, node));
    if (ts.isPropertyAssignment(member) && propertyName(member.name) === name && ts.isIdentifier(member.initializer)) {
      return functionOf(index, resolveName(index, file, member.initializer.text, node));
    }
  }
  return undefined;
}

function byNameAlone(index: CodeIndex, name: string): readonly CodeFunction[] {
  if (BUILTIN_METHODS.has(name)) return [];
  const members = (index.byShortName.get(name) ?? []).filter((one) => isMember(one));
  return members.length <= MAX_IMPLEMENTATIONS ? members : [];
}

function isMember(one: CodeFunction): boolean {
  return one.name !== shortName(one.name) || ts.isMethodDeclaration(one.node) || ts.isPropertyAssignment(one.node.parent);
}

function optional<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
