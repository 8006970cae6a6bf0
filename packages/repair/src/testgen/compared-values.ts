import type { Json } from '@selfheal/contracts';
import { Node, SyntaxKind } from 'ts-morph';
import type { CodeFunction } from './function-node.ts';

/** A part of the input that conditions of a function look at, with values on either side of their limits. */
export interface Compared {
  /** From the parameter's name (left out for a destructured one) to the member. */
  readonly path: readonly string[];
  /** The limit is that of a length. */
  readonly kind: 'value' | 'length';
  /** Those that tell most first. */
  readonly values: readonly Json[];
}

/** A case that no clause names. */
const OTHER = 'other';

/** All decisions of a function on its input: comparisons, truth, cases, keys of tables, lists that are walked. */
export function comparedValues(fn: CodeFunction): Compared[] {
  const found = decisionsOf(fn);
  // What no type forbids in JavaScript would not compile in TypeScript.
  const typed = /\.[cm]?tsx?$/.test(fn.info.file);
  return typed ? found.map((one) => ({ ...one, values: one.values.filter((value) => value !== null && value !== OTHER) })) : found;
}

function decisionsOf(fn: CodeFunction): Compared[] {
  return fn.node.getDescendants().flatMap((node) => {
    if (Node.isBinaryExpression(node)) return comparison(node.getLeft(), node.getOperatorToken().getText(), node.getRight(), fn);
    if (Node.isSwitchStatement(node)) return switched(node, fn);
    if (Node.isElementAccessExpression(node)) return lookedUp(node, fn);
    if (Node.isForOfStatement(node)) return walked(node.getExpression(), fn);
    if (Node.isCallExpression(node)) return called(node, fn);
    return isCondition(node) ? truth(node, fn) : [];
  });
}

function comparison(left: Node, operator: string, right: Node, fn: CodeFunction): Compared[] {
  if (/^(\?\?|\|\|)$/.test(operator)) return absent(left, fn);
  if (!/^([<>]=?|[!=]==?)$/.test(operator)) return [];
  return [
    [left, right],
    [right, left],
  ].flatMap(([subject, limit]): Compared[] => {
    const value = limit && constantOf(limit);
    const place = subject && placeOf(subject, fn);
    if (!place || value === undefined) return [];
    if (typeof value === 'number')
      return [{ ...place, values: Number.isInteger(value) ? [value, value - 1, value + 1] : [value, value - 0.5, value + 0.5] }];
    return place.kind === 'value' ? [{ ...place, values: [value] }] : [];
  });
}

function absent(left: Node, fn: CodeFunction): Compared[] {
  const place = placeOf(left, fn);
  return place?.kind === 'value' && place.path.length > 1 ? [{ ...place, values: [null] }] : [];
}

/** Where in the input an expression comes from; undefined for anything computed. */
function placeOf(node: Node, fn: CodeFunction): Pick<Compared, 'path' | 'kind'> | undefined {
  if (Node.isPropertyAccessExpression(node)) {
    const owner = placeOf(node.getExpression(), fn);
    if (!owner || owner.kind === 'length') return undefined;
    return node.getName() === 'length' ? { path: owner.path, kind: 'length' } : { path: [...owner.path, node.getName()], kind: 'value' };
  }
  if (Node.isParenthesizedExpression(node) || Node.isNonNullExpression(node)) return placeOf(node.getExpression(), fn);
  if (!Node.isIdentifier(node)) return undefined;
  for (const parameter of fn.node.getParameters()) {
    const name = parameter.getNameNode();
    if (Node.isIdentifier(name) && name.getText() === node.getText()) return { path: [node.getText()], kind: 'value' };
    if (!Node.isObjectBindingPattern(name)) continue;
    const element = name.getElements().find((one) => one.getName() === node.getText());
    if (element) return { path: [element.getPropertyNameNode()?.getText() ?? element.getName()], kind: 'value' };
  }
  return placeOfLocal(node, fn);
}

/** `const { total } = order`, `const total = order.total` */
function placeOfLocal(node: Node, fn: CodeFunction): Pick<Compared, 'path' | 'kind'> | undefined {
  for (const declaration of node.getSymbol()?.getDeclarations() ?? []) {
    if (!fn.node.containsRange(declaration.getPos(), declaration.getEnd())) continue;
    const variable = Node.isVariableDeclaration(declaration)
      ? declaration
      : declaration.getFirstAncestorByKind(SyntaxKind.VariableDeclaration);
    const initializer = variable?.getInitializer();
    if (!variable || !initializer || initializer.containsRange(node.getPos(), node.getEnd()) || node.getPos() < variable.getEnd()) continue;
    if (Node.isVariableDeclaration(declaration)) return placeOf(initializer, fn);
    if (!Node.isBindingElement(declaration) || !Node.isObjectBindingPattern(variable.getNameNode())) continue;
    const owner = placeOf(initializer, fn);
    const key = declaration.getPropertyNameNode()?.getText() ?? declaration.getName();
    return owner?.kind === 'value' ? { path: [...owner.path, key], kind: 'value' } : undefined;
  }
  return undefined;
}

/** A literal, or a constant that is one. */
function constantOf(node: Node): string | number | boolean | null | undefined {
  if (Node.isNumericLiteral(node) || Node.isStringLiteral(node) || Node.isTrueLiteral(node) || Node.isFalseLiteral(node))
    return node.getLiteralValue();
  if (Node.isNullLiteral(node) || node.getText() === 'undefined') return null;
  if (Node.isPrefixUnaryExpression(node) && node.getText().startsWith('-')) {
    const value = constantOf(node.getOperand());
    return typeof value === 'number' ? -value : undefined;
  }
  if (!Node.isIdentifier(node)) return undefined;
  for (const declaration of node.getSymbol()?.getDeclarations() ?? []) {
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    if (initializer && !Node.isIdentifier(initializer)) return constantOf(initializer);
  }
  return undefined;
}

function isCondition(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isIfStatement(parent)) return parent.getExpression() === node;
  if (Node.isConditionalExpression(parent)) return parent.getCondition() === node;
  return Node.isPrefixUnaryExpression(parent) && parent.getText().startsWith('!');
}

/** Something whose truth decides: a flag either way; a text, number or list also empty. */
function truth(node: Node, fn: CodeFunction): Compared[] {
  const place = placeOf(node, fn);
  if (!place) return [];
  if (place.kind === 'length') return [{ ...place, values: [0, 1] }];
  return [{ ...place, values: [true, false, '', 0, null] }];
}

function switched(node: Node, fn: CodeFunction): Compared[] {
  const place = Node.isSwitchStatement(node) ? placeOf(node.getExpression(), fn) : undefined;
  const values = node.getDescendantsOfKind(SyntaxKind.CaseClause).flatMap((clause) => {
    const value = constantOf(clause.getExpression());
    return value === undefined ? [] : [value];
  });
  return place ? [{ ...place, values: [...values, OTHER] }] : [];
}

/** `TABLE[tier]`: each key of a table that is written down. */
function lookedUp(node: Node, fn: CodeFunction): Compared[] {
  if (!Node.isElementAccessExpression(node)) return [];
  const key = node.getArgumentExpression();
  const place = key && placeOf(key, fn);
  const tables = node.getExpression().getSymbol()?.getDeclarations() ?? [];
  const values = tables.flatMap((declaration) => {
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    const table = Node.isAsExpression(initializer) || Node.isSatisfiesExpression(initializer) ? initializer.getExpression() : initializer;
    if (!Node.isObjectLiteralExpression(table)) return [];
    return table.getProperties().flatMap((one) => (Node.isPropertyAssignment(one) ? [one.getName().replace(/^['"]|['"]$/g, '')] : []));
  });
  return place && values.length > 0 ? [{ ...place, values }] : [];
}

function walked(list: Node, fn: CodeFunction): Compared[] {
  const place = placeOf(list, fn);
  return place?.kind === 'value' ? [{ path: place.path, kind: 'length', values: [0, 1, 2] }] : [];
}

const WALKS = /^(map|filter|forEach|reduce|some|every|flatMap|join|find)$/;
const LOOKS_FOR = /^(startsWith|endsWith|includes)$/;

function called(node: Node, fn: CodeFunction): Compared[] {
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  if (!Node.isCallExpression(node) || !Node.isPropertyAccessExpression(callee)) return [];
  if (WALKS.test(callee.getName())) return walked(callee.getExpression(), fn);
  const [argument] = node.getArguments();
  const place = LOOKS_FOR.test(callee.getName()) ? placeOf(callee.getExpression(), fn) : undefined;
  const value = argument && constantOf(argument);
  return place && typeof value === 'string' ? [{ ...place, values: [value, `x${value}x`] }] : [];
}
