import { ts } from 'ts-morph';
import type { CodeFile, CodeIndex } from '../code-index.ts';
import { resolveName } from '../resolve-callee.ts';
import { codeNodes } from '../syntax/code-nodes.ts';
import { isFunctionNode, propertyName, stringValue, unwrap } from '../syntax/parse-source.ts';
import { isRoutePath, methodName, type Registration, VERBS } from './registration.ts';

/** HTTP clients have the same method names as routers. */
const CLIENTS = /^(?:axios|got|ky|superagent|supertest|nock|msw|undici|request|node-fetch|@octokit\/.+)$/;

/**
 * Routes registered by calls and tables: express, koa-router, hono, fastify, hapi, restify (`app.get('/x', handler)`,
 * `app.route({ method, url, handler })`, `router.route('/x').get(handler)`, `app.on('GET', '/x', handler)`) and plain tables
 * (`{ 'GET /x': handler }`, `[{ method, path, handler }]`, `[['GET', '/x', handler]]`).
 */
export function findRegistrations(index: CodeIndex, file: CodeFile): Registration[] {
  const found: Registration[] = [];
  for (const node of codeNodes(file.source)) {
    if (ts.isCallExpression(node)) found.push(...fromCall(index, file, node));
    else if (ts.isObjectLiteralExpression(node)) found.push(...fromRouteObject(index, file, node), ...fromKeyedTable(file, node));
    else if (ts.isArrayLiteralExpression(node)) found.push(...fromTuple(file, node));
  }
  return found;
}

function fromCall(index: CodeIndex, file: CodeFile, call: ts.CallExpression): Registration[] {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || isClient(file, callee.expression)) return [];
  const verb = Object.hasOwn(VERBS, callee.name.text) ? VERBS[callee.name.text] : undefined;
  if (verb !== undefined) {
    const chained = chainedRoute(callee.expression);
    const last = call.arguments.at(-1);
    const handler = chained && last && handlerIn(unwrap(last));
    if (chained !== undefined && handler !== undefined) {
      return [{ method: verb, path: chained.path, handler, receiver: chained.receiver, at: call, file }];
    }
    return fromVerb(index, file, call, verb, callee.expression);
  }
  if (callee.name.text === 'on') {
    const method = methodName(stringValue(call.arguments[0]));
    const path = stringValue(call.arguments[1]);
    const handler = call.arguments[2] && call.arguments.at(-1);
    if (method !== undefined && isRoutePath(path) && handler)
      return [{ method, path, handler, receiver: callee.expression, at: call, file }];
  }
  return [];
}

function isClient(file: CodeFile, receiver: ts.Expression): boolean {
  const root = rootName(receiver);
  const binding = root === undefined ? undefined : file.facts.imports.get(root);
  return binding !== undefined && CLIENTS.test(binding.specifier);
}

function rootName(expression: ts.Expression): string | undefined {
  let at: ts.Expression = expression;
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = at.expression;
  return ts.isIdentifier(at) ? at.text : undefined;
}

function fromVerb(index: CodeIndex, file: CodeFile, call: ts.CallExpression, method: string, receiver: ts.Expression): Registration[] {
  const [first] = call.arguments;
  const handler = call.arguments.at(-1);
  if (first === undefined || handler === undefined || call.arguments.length < 2) return [];
  const value = handlerIn(unwrap(handler));
  if (value === undefined) return [];
  return pathsOf(index, file, first).map((path) => ({ method, path, handler: value, receiver, at: call, file }));
}

/** Paths as literals, arrays of them, or a constant that holds one. */
function pathsOf(index: CodeIndex, file: CodeFile, expression: ts.Expression): string[] {
  const value = unwrap(expression);
  if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap((one) => pathsOf(index, file, one));
  if (ts.isIdentifier(value)) {
    const constant = resolveName(index, file, value.text, value)?.node;
    const text = constant && ts.isVariableDeclaration(constant) ? stringValue(constant.initializer) : undefined;
    return isRoutePath(text) ? [text] : [];
  }
  const text = stringValue(value);
  return isRoutePath(text) ? [text] : [];
}

/** What may serve a route: a function, a name, a member, a wrapped function, or fastify's options with `handler`. */
function handlerIn(value: ts.Expression): ts.Node | undefined {
  if (ts.isObjectLiteralExpression(value)) return memberValue(value, 'handler');
  if (ts.isArrayLiteralExpression(value)) return value.elements.at(-1);
  const possible = isFunctionNode(value) || ts.isIdentifier(value) || ts.isPropertyAccessExpression(value) || ts.isCallExpression(value);
  return possible ? value : undefined;
}

function memberValue(object: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
  for (const member of object.properties) {
    if (member.name === undefined || propertyName(member.name) !== name) continue;
    if (ts.isPropertyAssignment(member)) return unwrap(member.initializer);
    return ts.isShorthandPropertyAssignment(member) ? member.name : member;
  }
  return undefined;
}

/** `router.route('/x')`, also with verbs already chained to it. */
function chainedRoute(expression: ts.Expression): { path: string; receiver: ts.Expression } | undefined {
  let at: ts.Expression = expression;
  while (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
    const { name, expression: receiver } = at.expression;
    const path = stringValue(at.arguments[0]);
    if (name.text === 'route' && isRoutePath(path) && at.arguments.length === 1) return { path, receiver };
    if (!Object.hasOwn(VERBS, name.text)) return undefined;
    at = receiver;
  }
  return undefined;
}

/** `{ method: 'GET' | ['GET', 'HEAD'], url | path, handler }`, as an argument of `route()` or in a table. */
function fromRouteObject(index: CodeIndex, file: CodeFile, object: ts.ObjectLiteralExpression): Registration[] {
  const methodValue = memberValue(object, 'method');
  const pathValue = memberValue(object, 'url') ?? memberValue(object, 'path');
  const handler = memberValue(object, 'handler') ?? memberValue(object, 'action') ?? nestedHandler(object);
  if (methodValue === undefined || pathValue === undefined || handler === undefined || !ts.isExpression(pathValue)) return [];
  const methods = ts.isArrayLiteralExpression(methodValue) ? methodValue.elements : [methodValue];
  const paths = pathsOf(index, file, pathValue);
  const receiver = receiverOfObject(object);
  return methods.flatMap((one) => {
    const method = methodName(stringValue(one));
    return method === undefined ? [] : paths.map((path) => ({ method, path, handler, receiver, at: object, file }));
  });
}

/** hapi keeps the handler in `options`. */
function nestedHandler(object: ts.ObjectLiteralExpression): ts.Node | undefined {
  const options = memberValue(object, 'options') ?? memberValue(object, 'config');
  return options && ts.isObjectLiteralExpression(options) ? memberValue(options, 'handler') : undefined;
}

function receiverOfObject(object: ts.ObjectLiteralExpression): ts.Expression | undefined {
  const holder = ts.isArrayLiteralExpression(object.parent) ? object.parent.parent : object.parent;
  return ts.isCallExpression(holder) && ts.isPropertyAccessExpression(holder.expression) ? holder.expression.expression : undefined;
}

function fromKeyedTable(file: CodeFile, object: ts.ObjectLiteralExpression): Registration[] {
  return object.properties.flatMap((member) => {
    const [method, path] = (member.name && propertyName(member.name))?.split(/\s+/) ?? [];
    const verb = methodName(method);
    if (verb === undefined || path === undefined || !isRoutePath(path)) return [];
    const handler = ts.isPropertyAssignment(member) ? unwrap(member.initializer) : member;
    return [{ method: verb, path, handler, receiver: undefined, at: member, file }];
  });
}

function fromTuple(file: CodeFile, tuple: ts.ArrayLiteralExpression): Registration[] {
  const [first, second] = tuple.elements;
  const method = methodName(stringValue(first));
  const path = stringValue(second);
  const handler = tuple.elements[2] && tuple.elements.at(-1);
  return method !== undefined && path?.startsWith('/') && handler ? [{ method, path, handler, receiver: undefined, at: tuple, file }] : [];
}
