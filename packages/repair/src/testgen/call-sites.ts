import type { Json } from '@selfheal/contracts';
import { type CallExpression, Node, SyntaxKind } from 'ts-morph';
import { handlerAround } from '../templates/http-framework.ts';
import { openSource } from '../templates/source-files.ts';
import type { CallValues } from './call-values.ts';
import type { CodeFunction } from './function-node.ts';

const MAX_SITES = 8;

/** Calls of a function in production code, found by name. */
export function callSitesOf(
  { info }: CodeFunction,
  files: Readonly<Record<string, string>>,
  isTest: (path: string) => boolean,
): CallExpression[] {
  const name = info.name.split('.').at(-1) ?? info.name;
  const paths = Object.keys(files).filter((path) => !isTest(path) && /\.[cm]?[jt]sx?$/.test(path) && files[path]?.includes(name));
  return paths
    .flatMap((path) => openSource(files, path)?.getDescendantsOfKind(SyntaxKind.CallExpression) ?? [])
    .filter((call) => calleeName(call) === name)
    .slice(0, MAX_SITES);
}

function calleeName(call: CallExpression): string {
  return call.getExpression().getText().split('.').at(-1) ?? '';
}

/**
 * The logged value that an argument expression had: `request.body`, `req.params.id`, a constant made of such, or a part of them.
 * Undefined where it cannot be told.
 */
export function valueOfArgument(argument: Node, values: CallValues, depth = 0): Json | undefined {
  if (depth > 6) return undefined;
  if (
    Node.isParenthesizedExpression(argument) ||
    Node.isAsExpression(argument) ||
    Node.isNonNullExpression(argument) ||
    Node.isAwaitExpression(argument)
  ) {
    return valueOfArgument(argument.getExpression(), values, depth + 1);
  }
  if (Node.isStringLiteral(argument) || Node.isNumericLiteral(argument)) return argument.getLiteralValue();
  if (Node.isTrueLiteral(argument) || Node.isFalseLiteral(argument)) return argument.getLiteralValue();
  if (Node.isNullLiteral(argument)) return null;
  if (Node.isPropertyAccessExpression(argument)) return memberOf(argument.getExpression(), argument.getName(), values, depth);
  if (Node.isElementAccessExpression(argument)) {
    const key = argument.getArgumentExpression();
    return Node.isStringLiteral(key) || Node.isNumericLiteral(key)
      ? memberOf(argument.getExpression(), String(key.getLiteralValue()), values, depth)
      : undefined;
  }
  if (Node.isIdentifier(argument)) return valueOfName(argument, values, depth);
  if (Node.isBinaryExpression(argument) && /^(\?\?|\|\|)$/.test(argument.getOperatorToken().getText())) {
    return valueOfArgument(argument.getLeft(), values, depth + 1) ?? valueOfArgument(argument.getRight(), values, depth + 1);
  }
  return undefined;
}

function memberOf(owner: Node, name: string, values: CallValues, depth: number): Json | undefined {
  const { request } = values;
  const handler = handlerAround(owner);
  if (request && handler && isRequest(owner, handler.http.request)) {
    const parts: Record<string, Json | undefined> = {
      body: request.body,
      params: request.params,
      query: request.query,
      method: request.method,
      url: request.path,
      path: request.path,
    };
    return parts[name];
  }
  const value = valueOfArgument(owner, values, depth + 1);
  return isRecord(value) ? (Object.hasOwn(value, name) ? value[name] : undefined) : Array.isArray(value) ? value[Number(name)] : undefined;
}

/** `req`, koa's `ctx.request`, hono's `c.req`. */
function isRequest(owner: Node, name: string): boolean {
  const text = owner.getText();
  return text === name || text === `${name}.request` || text === `${name}.req`;
}

function valueOfName(name: Node, values: CallValues, depth: number): Json | undefined {
  for (const declaration of name.getSymbol()?.getDeclarations() ?? []) {
    if (Node.isVariableDeclaration(declaration)) {
      const initializer = declaration.getInitializer();
      return initializer && valueOfArgument(initializer, values, depth + 1);
    }
    if (Node.isBindingElement(declaration)) {
      const pattern = declaration.getParent();
      const holder = pattern.getParent();
      const initializer = Node.isVariableDeclaration(holder) ? holder.getInitializer() : undefined;
      const key = declaration.getPropertyNameNode()?.getText() ?? declaration.getName();
      if (initializer && Node.isObjectBindingPattern(pattern)) return memberOf(initializer, key, values, depth);
    }
  }
  return undefined;
}

export function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
