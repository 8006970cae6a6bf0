import type { CodebaseInfo } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { type CodeFunction, type CodeIndex, enclosingFunction } from '../code-index.ts';
import { resolveFunctions } from '../resolve-callee.ts';
import { descendants, isFunctionNode, lineOf, unwrap } from '../syntax/parse-source.ts';
import { findConventionalRoutes } from './find-conventional-routes.ts';
import { findRegistrations } from './find-registrations.ts';
import { joinPath, type Registration } from './registration.ts';
import { readPrefixes } from './route-prefixes.ts';

export type Route = CodebaseInfo['routes'][number];

/** The routes that production code serves, with the function that serves each. Inline handlers are named after their route. */
export function collectRoutes(index: CodeIndex): Route[] {
  const prefixes = readPrefixes(index);
  const routes = new Map<string, Route>();
  const functions = [...index.functions];
  for (const file of index.files.values()) {
    if (file.test) continue;
    for (const registration of [...findRegistrations(index, file), ...findConventionalRoutes(file, functions)]) {
      for (const prefix of prefixes.of(file, registration.receiver)) {
        const path = joinPath(prefix, registration.path);
        const handler = handlerOf(index, registration, `${registration.method} ${path}`);
        if (handler === undefined) continue;
        const key = `${registration.method} ${path}`;
        if (!routes.has(key)) {
          routes.set(key, { method: registration.method, path, functionId: handler.id, file: file.path, line: lineOf(registration.at) });
        }
      }
    }
  }
  return [...routes.values()];
}

function handlerOf(index: CodeIndex, { handler, file, at }: Registration, name: string): CodeFunction | undefined {
  if (isFunctionNode(handler)) return index.adopt(handler, name);
  if (ts.isStatement(handler)) return servedBy(index, handler) ?? enclosingFunction(index, at);
  if (!ts.isExpression(handler)) return enclosingFunction(index, at);
  return fromExpression(index, file, unwrap(handler), name) ?? enclosingFunction(index, at);
}

function fromExpression(index: CodeIndex, file: Registration['file'], value: ts.Expression, name: string): CodeFunction | undefined {
  if (isFunctionNode(value)) return index.adopt(value, name);
  const [direct] = resolveFunctions(index, file, value);
  if (direct !== undefined) return direct;
  if (!ts.isCallExpression(value)) return undefined;
  // `wrap(handler)`, `controller.show.bind(controller)`: the function within; else what the call makes.
  const inner = value.arguments.map((one) => fromExpression(index, file, unwrap(one), name)).find((one) => one !== undefined);
  if (inner !== undefined) return inner;
  const callee = value.expression;
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind')
    return fromExpression(index, file, unwrap(callee.expression), name);
  const [maker] = resolveFunctions(index, file, callee);
  return maker && (returnedFunction(index, maker, name) ?? maker);
}

/** `makeHandler(deps)` that returns a function: that one. */
function returnedFunction(index: CodeIndex, maker: CodeFunction, name: string): CodeFunction | undefined {
  if (!ts.isBlock(maker.node.body)) {
    const value = unwrap(maker.node.body);
    return isFunctionNode(value) ? index.adopt(value, name) : undefined;
  }
  for (const node of descendants(maker.node.body, (one) => one === maker.node.body || !isFunctionNode(one))) {
    const value = ts.isReturnStatement(node) && node.expression ? unwrap(node.expression) : undefined;
    if (value !== undefined && isFunctionNode(value)) return index.adopt(value, name);
  }
  return undefined;
}

/** The one function of the code base that a branch calls. */
function servedBy(index: CodeIndex, branch: ts.Statement): CodeFunction | undefined {
  const file = index.files.get(branch.getSourceFile().fileName);
  if (file === undefined) return undefined;
  const called = new Set<CodeFunction>();
  for (const node of descendants(branch)) {
    if (ts.isCallExpression(node)) for (const one of resolveFunctions(index, file, node.expression)) called.add(one);
  }
  return called.size === 1 ? [...called][0] : undefined;
}
