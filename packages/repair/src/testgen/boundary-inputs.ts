import type { Json } from '@selfheal/contracts';
import { Node, SyntaxKind } from 'ts-morph';
import { isRecord } from './call-sites.ts';
import type { CodeFunction } from './function-node.ts';

const MAX_VARIANTS = 24;

/**
 * Inputs just below, at and just above the limits that a function's conditions compare with, made from an input that production gave:
 * those on which a changed operator or limit shows.
 */
export function boundaryInputs(fn: CodeFunction, input: Json): Json[] {
  const variants: Json[] = [];
  for (const { path, values } of comparedPaths(fn)) {
    for (const value of values) {
      const changed = withValue(input, path, value);
      if (changed !== undefined) variants.push(changed);
    }
  }
  const known = new Set([JSON.stringify(input)]);
  return variants
    .filter((variant) => {
      const key = JSON.stringify(variant);
      return !known.has(key) && known.add(key);
    })
    .slice(0, MAX_VARIANTS);
}

interface Compared {
  /** Members from the first argument to the value; empty for the argument itself. */
  readonly path: readonly string[];
  readonly values: readonly Json[];
}

function comparedPaths(fn: CodeFunction): Compared[] {
  const nodes = fn.node.getDescendants();
  const compared = nodes.flatMap((node) =>
    Node.isBinaryExpression(node) ? comparison(node.getLeft(), node.getOperatorToken().getText(), node.getRight(), fn) : [],
  );
  const truths = nodes.flatMap((node) => (isCondition(node) ? truth(node, fn) : []));
  const cases = nodes.flatMap((node) => (Node.isSwitchStatement(node) ? switched(node, fn) : []));
  const keys = nodes.flatMap((node) => (Node.isElementAccessExpression(node) ? lookedUp(node, fn) : []));
  return [...compared, ...truths, ...cases, ...keys];
}

function comparison(left: Node, operator: string, right: Node, fn: CodeFunction): Compared[] {
  if (!/^([<>]=?|[!=]==?|%)$/.test(operator)) return [];
  return [
    [left, right],
    [right, left],
  ].flatMap(([subject, limit]) => {
    const path = subject && pathFromInput(subject, fn);
    const value = limit && constantOf(limit);
    if (!path || value === undefined) return [];
    return [{ path, values: typeof value === 'number' ? [value - 1, value, value + 1] : [value] }];
  });
}

/** The subject of `.length` is a list or text and cannot be set to a number. */
function pathFromInput(node: Node, fn: CodeFunction): string[] | undefined {
  if (Node.isPropertyAccessExpression(node)) {
    const owner = pathFromInput(node.getExpression(), fn);
    return owner && node.getName() !== 'length' ? [...owner, node.getName()] : undefined;
  }
  if (!Node.isIdentifier(node)) return undefined;
  const [parameter] = fn.node.getParameters();
  const pattern = parameter?.getNameNode();
  if (Node.isIdentifier(pattern) && pattern.getText() === node.getText()) return [];
  if (!Node.isObjectBindingPattern(pattern)) return undefined;
  const element = pattern.getElements().find((one) => one.getName() === node.getText());
  return element && [element.getPropertyNameNode()?.getText() ?? element.getName()];
}

/** A literal, or a constant of the file that is one. */
function constantOf(node: Node): string | number | boolean | null | undefined {
  if (Node.isNumericLiteral(node) || Node.isStringLiteral(node) || Node.isTrueLiteral(node) || Node.isFalseLiteral(node))
    return node.getLiteralValue();
  if (Node.isNullLiteral(node)) return null;
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
  return (
    Node.isPrefixUnaryExpression(parent) || (Node.isBinaryExpression(parent) && /^(&&|\|\|)$/.test(parent.getOperatorToken().getText()))
  );
}

function truth(node: Node, fn: CodeFunction): Compared[] {
  const path = pathFromInput(node, fn);
  return path && path.length > 0 ? [{ path, values: [true, false] }] : [];
}

function switched(node: Node, fn: CodeFunction): Compared[] {
  if (!Node.isSwitchStatement(node)) return [];
  const path = pathFromInput(node.getExpression(), fn);
  const values = node.getDescendantsOfKind(SyntaxKind.CaseClause).flatMap((clause) => {
    const value = constantOf(clause.getExpression());
    return value === undefined ? [] : [value];
  });
  return path ? [{ path, values: [...values, 'other'] }] : [];
}

/** `TABLE[tier]`: each key of a table that is written down. */
function lookedUp(node: Node, fn: CodeFunction): Compared[] {
  if (!Node.isElementAccessExpression(node)) return [];
  const key = node.getArgumentExpression();
  const path = key && pathFromInput(key, fn);
  const table = node.getExpression().getSymbol()?.getDeclarations() ?? [];
  const values = table.flatMap((declaration) => {
    const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
    return Node.isObjectLiteralExpression(initializer)
      ? initializer
          .getProperties()
          .flatMap((property) => (Node.isPropertyAssignment(property) ? [property.getName().replace(/^['"]|['"]$/g, '')] : []))
      : [];
  });
  return path && values.length > 0 ? [{ path, values }] : [];
}

/** The input with one member changed, where it has that member and the value is of its kind. */
function withValue(input: Json, path: readonly string[], value: Json): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return typeof input === typeof value ? value : undefined;
  if (!isRecord(input)) return undefined;
  const member = Object.hasOwn(input, head) ? input[head] : undefined;
  if (member === undefined && (rest.length > 0 || typeof value !== 'boolean')) return undefined;
  const changed = member === undefined ? value : withValue(member, rest, value);
  return changed === undefined ? undefined : { ...input, [head]: changed };
}
