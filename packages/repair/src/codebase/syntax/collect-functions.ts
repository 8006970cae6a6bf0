import { ts } from 'ts-morph';
import type { ModuleFacts } from './module-facts.ts';
import { commonJsExportName } from './module-facts.ts';
import { type FunctionNode, hasModifier, isFunctionNode, propertyName, unwrap } from './parse-source.ts';
import { lookup } from './scope.ts';

/** A function with a name of its own. Callbacks without one belong to the function around them. */
export interface NamedFunction {
  readonly node: FunctionNode;
  /** `name`, `Class.method`, `object.member`; `default` and `module.exports` where the export alone names it. */
  readonly name: string;
  /**
   * How another module reaches it from the module's exports: `name`, `default`, `module.exports` (the whole CommonJS value),
   * `owner.member` for members of exported objects and instances and for static methods, `Class#method` for instance methods.
   */
  readonly exportedAs: string | undefined;
}

/** Methods that take a callback and give back a value: `const total = items.reduce(...)` names no function. */
const VALUE_METHODS = new Set(
  'map filter reduce reduceRight find findIndex findLast some every flatMap forEach sort toSorted then catch finally from replace replaceAll apply call join match split assign entries all allSettled race any'.split(
    ' ',
  ),
);

/** All named functions of a file, in source order. */
export function collectFunctions(source: ts.SourceFile, facts: ModuleFacts): NamedFunction[] {
  const exportNames = namesOfExports(source, facts);
  const found: NamedFunction[] = [];
  const visit = (node: ts.Node) => {
    if (isFunctionNode(node)) {
      const place = nameOf(node);
      if (place !== undefined)
        found.push({ node, name: place.name, exportedAs: exportNames.byNode.get(node) ?? exportedAs(place, exportNames) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

interface ExportNames {
  /** Exported name by local name. */
  readonly byLocal: ReadonlyMap<string, string>;
  readonly byNode: ReadonlyMap<ts.Node, string>;
  /** Exported instance by the name of its class: `export const store = new Store()`. */
  readonly byClass: ReadonlyMap<string, string>;
}

function namesOfExports(source: ts.SourceFile, facts: ModuleFacts): ExportNames {
  const names = { byLocal: new Map<string, string>(), byNode: new Map<ts.Node, string>(), byClass: new Map<string, string>() };
  for (const [exported, target] of facts.exports) {
    if ('from' in target) continue;
    if ('local' in target && !names.byLocal.has(target.local)) names.byLocal.set(target.local, exported);
    if ('node' in target) names.byNode.set(target.node, exported);
    const made = 'local' in target ? initializerOf(lookup(target.local, source)) : target.node;
    if (made && ts.isNewExpression(made) && ts.isIdentifier(made.expression)) names.byClass.set(made.expression.text, exported);
  }
  return names;
}

function initializerOf(declaration: ts.Node | undefined): ts.Node | undefined {
  return declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

interface NamedPlace {
  readonly name: string;
  /** What the export is looked up by: the outermost declaration's name or node. */
  readonly owner: string | ts.Node;
  /** Path from the owner to the function, e.g. `.find` or `#find`; empty where the function is the owner. */
  readonly member: string;
  /** Declared within another function, so that no export of the same name means it. */
  readonly nested: boolean;
}

function exportedAs(place: NamedPlace, exports: ExportNames): string | undefined {
  if (place.nested) return undefined;
  const instance = typeof place.owner === 'string' && place.member.startsWith('#') ? exports.byClass.get(place.owner) : undefined;
  if (instance !== undefined && place.member !== '#constructor') {
    return instance === 'module.exports' ? place.member.slice(1) : `${instance}.${place.member.slice(1)}`;
  }
  const owner = typeof place.owner === 'string' ? exports.byLocal.get(place.owner) : exports.byNode.get(place.owner);
  if (owner === 'module.exports' && place.member.startsWith('.')) return place.member.slice(1);
  return owner === undefined ? undefined : `${owner}${place.member}`;
}

function nameOf(node: FunctionNode): NamedPlace | undefined {
  if (ts.isFunctionDeclaration(node)) return declared(node, node.name?.text ?? 'default', node.name?.text ?? node);
  if (ts.isConstructorDeclaration(node)) return member(node.parent, 'constructor', '#');
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) {
    const name = propertyName(node.name);
    return name === undefined ? undefined : member(node.parent, name, hasModifier(node, ts.SyntaxKind.StaticKeyword) ? '.' : '#');
  }
  return nameOfExpression(node);
}

function declared(node: ts.Node, name: string, owner: string | ts.Node): NamedPlace {
  return { name, owner, member: '', nested: isNested(node) };
}

/** Arrow functions and function expressions take the name of what they are assigned to. */
function nameOfExpression(node: ts.FunctionExpression | ts.ArrowFunction): NamedPlace | undefined {
  const value = outermost(node);
  const holder = value.parent;
  if (ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name)) return declared(holder, holder.name.text, holder.name.text);
  if (ts.isPropertyAssignment(holder)) {
    const name = propertyName(holder.name);
    return name === undefined ? undefined : member(holder.parent, name, '.');
  }
  if (ts.isPropertyDeclaration(holder)) {
    const name = propertyName(holder.name);
    return name === undefined ? undefined : member(holder.parent, name, hasModifier(holder, ts.SyntaxKind.StaticKeyword) ? '.' : '#');
  }
  if (ts.isExportAssignment(holder)) return declared(node, node.name?.text ?? 'default', value);
  if (ts.isBinaryExpression(holder) && holder.operatorToken.kind === ts.SyntaxKind.EqualsToken) return nameOfAssigned(node, value, holder);
  return node.name === undefined ? undefined : { ...declared(node, node.name.text, node), nested: true };
}

/** Climbs through wrappers that keep the function what it is: `asyncHandler(async () => ...)`, parentheses, casts. */
function outermost(node: FunctionNode): ts.Node {
  let at: ts.Node = node;
  for (;;) {
    const parent = at.parent;
    const transparent = ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent);
    if (!transparent && !isWrapperCall(parent, at)) return at;
    at = parent;
  }
}

function isWrapperCall(call: ts.Node, argument: ts.Node): call is ts.CallExpression {
  if (!ts.isCallExpression(call) || call.expression === argument) return false;
  const callee = call.expression;
  const name = ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  const isOnlyFunction = call.arguments.filter((one) => isFunctionNode(unwrap(one))).length === 1;
  return name !== '' && !VALUE_METHODS.has(name) && isOnlyFunction && isAtModuleLevel(call);
}

function isAtModuleLevel(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (isFunctionNode(at) || ts.isCallExpression(at)) return false;
    if (ts.isVariableStatement(at) || ts.isExportAssignment(at) || ts.isExpressionStatement(at)) return ts.isSourceFile(at.parent);
  }
  return false;
}

function nameOfAssigned(
  node: ts.FunctionExpression | ts.ArrowFunction,
  value: ts.Node,
  assignment: ts.BinaryExpression,
): NamedPlace | undefined {
  const target = assignment.left;
  if (ts.isIdentifier(target)) return declared(node, target.text, target.text);
  const exported = commonJsExportName(target);
  if (exported !== undefined) return declared(node, exported === 'module.exports' ? (node.name?.text ?? exported) : exported, value);
  if (!ts.isPropertyAccessExpression(target)) return undefined;
  const owner = target.expression;
  if (owner.kind === ts.SyntaxKind.ThisKeyword) return memberOfThis(node, target.name.text);
  if (ts.isPropertyAccessExpression(owner) && owner.name.text === 'prototype' && ts.isIdentifier(owner.expression)) {
    return {
      name: `${owner.expression.text}.${target.name.text}`,
      owner: owner.expression.text,
      member: `#${target.name.text}`,
      nested: isNested(node),
    };
  }
  if (!ts.isIdentifier(owner)) return undefined;
  return { name: `${owner.text}.${target.name.text}`, owner: owner.text, member: `.${target.name.text}`, nested: isNested(node) };
}

function memberOfThis(node: ts.Node, name: string): NamedPlace | undefined {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
    if (ts.isClassLike(at)) return member(at, name, '#');
    if (ts.isFunctionDeclaration(at) && at.name)
      return { name: `${at.name.text}.${name}`, owner: at.name.text, member: `#${name}`, nested: isNested(at) };
  }
  return undefined;
}

/** A member of a class or object literal; the literal takes the name of the variable or export that holds it. */
function member(container: ts.Node, name: string, joint: '.' | '#'): NamedPlace {
  const holder = ts.isClassLike(container) ? classHolder(container) : heldBy(container);
  const path = ts.isClassLike(container) ? joint : '.';
  if (holder === undefined) return { name, owner: container, member: `${path}${name}`, nested: isNested(container) };
  return {
    name: holder.name === '' ? name : `${holder.name}.${name}`,
    owner: holder.owner,
    member: `${path}${name}`,
    nested: isNested(container),
  };
}

interface Holder {
  readonly name: string;
  readonly owner: string | ts.Node;
}

function classHolder(node: ts.ClassLikeDeclaration): Holder {
  if (node.name !== undefined)
    return { name: node.name.text, owner: ts.isClassDeclaration(node) ? node.name.text : (heldBy(node)?.owner ?? node) };
  return heldBy(node) ?? { name: 'default', owner: node };
}

function heldBy(node: ts.Node): Holder | undefined {
  let at = node;
  while (
    ts.isParenthesizedExpression(at.parent) ||
    ts.isAsExpression(at.parent) ||
    ts.isSatisfiesExpression(at.parent) ||
    isFreeze(at.parent)
  )
    at = at.parent;
  const holder = at.parent;
  if (ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name)) return { name: holder.name.text, owner: holder.name.text };
  if (ts.isExportAssignment(holder)) return { name: 'default', owner: at };
  if (ts.isBinaryExpression(holder) && ts.isExpression(holder.left)) {
    const exported = commonJsExportName(holder.left);
    if (exported === 'module.exports') return { name: '', owner: at };
    if (exported !== undefined) return { name: exported, owner: at };
    if (ts.isIdentifier(holder.left)) return { name: holder.left.text, owner: holder.left.text };
  }
  return undefined;
}

function isFreeze(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.expression.getText() === 'Object.freeze';
}

function isNested(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) if (isFunctionNode(at)) return true;
  return false;
}
