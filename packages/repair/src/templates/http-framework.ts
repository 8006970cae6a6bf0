import { Node, SyntaxKind } from 'ts-morph';
import { type FunctionNode, functionAround } from './syntax-tree.ts';

/** How a request handler answers. `answer` gives the statements that end it with a status. */
export interface HttpHandler {
  readonly framework: 'express' | 'fastify' | 'koa' | 'hono' | 'node';
  readonly request: string;
  answer(status: number, message: string, quote: string, semicolon: string): string[];
}

/** Recognises a request handler by its parameters and by how it answers elsewhere; undefined for any other function. */
export function httpHandler(fn: FunctionNode): HttpHandler | undefined {
  const names = fn.getParameters().map((parameter) => parameter.getName());
  const types = fn.getParameters().map((parameter) => parameter.getTypeNode()?.getText() ?? '');
  const [first = '', second = ''] = names;
  const body = fn.getText();
  const called = registration(fn);
  if (/^(reply|rep)$/.test(second) || /FastifyReply/.test(types[1] ?? '') || (called !== undefined && isFastify(fn)))
    return fastify(first, second);
  if (/^(res|response)$/.test(second)) {
    const raw = /\bwriteHead\(|\.statusCode\s*=|ServerResponse/.test(body + types.join()) && !/\.(status|json|sendStatus)\(/.test(body);
    return raw ? nodeHttp(first, second) : express(first, second);
  }
  if (first === 'ctx' && (/\bctx\.(body|status|throw|request|params)\b/.test(body) || called !== undefined)) return koa(first);
  if (/^(c|ctx)$/.test(first) && new RegExp(`\\b${first}\\.(json|text|req|html)\\b`).test(body)) return hono(first);
  return undefined;
}

/** The handler function around a node, if the node runs within one (callbacks inside of it included). */
export function handlerAround(node: Node): { fn: FunctionNode; http: HttpHandler } | undefined {
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) {
    const http = httpHandler(fn);
    if (http) return { fn, http };
  }
  return undefined;
}

/** `app.post('/orders', handler)`: the path under which a function literal is registered. */
function registration(fn: FunctionNode): string | undefined {
  const call = fn.getParentIfKind(SyntaxKind.CallExpression);
  const callee = call?.getExpression();
  if (!call || !callee || !Node.isPropertyAccessExpression(callee)) return undefined;
  const [path] = call.getArguments();
  const isRoute = /^(get|post|put|patch|delete|all|options|head|use|route)$/.test(callee.getName());
  return isRoute && path && Node.isStringLiteral(path) ? path.getLiteralText() : undefined;
}

function isFastify(fn: FunctionNode): boolean {
  return /\bfastify\b/i.test(fn.getSourceFile().getFullText());
}

function message(text: string, quote: string): string {
  return `{ error: ${quote}${text}${quote} }`;
}

function fastify(request: string, reply: string): HttpHandler {
  return {
    framework: 'fastify',
    request,
    answer: (status, text, quote, semicolon) =>
      reply === ''
        ? [`throw Object.assign(new Error(${quote}${text}${quote}), { statusCode: ${status} })${semicolon}`]
        : [`return ${reply}.code(${status}).send(${message(text, quote)})${semicolon}`],
  };
}

function express(request: string, response: string): HttpHandler {
  return {
    framework: 'express',
    request,
    answer: (status, text, quote, semicolon) => [`return ${response}.status(${status}).json(${message(text, quote)})${semicolon}`],
  };
}

function nodeHttp(request: string, response: string): HttpHandler {
  return {
    framework: 'node',
    request,
    answer: (status, text, quote, semicolon) => [
      `${response}.writeHead(${status}, { ${quote}content-type${quote}: ${quote}application/json${quote} })${semicolon}`,
      `${response}.end(JSON.stringify(${message(text, quote)}))${semicolon}`,
      `return${semicolon}`,
    ],
  };
}

function koa(context: string): HttpHandler {
  return {
    framework: 'koa',
    request: context,
    answer: (status, text, quote, semicolon) => [
      `${context}.status = ${status}${semicolon}`,
      `${context}.body = ${message(text, quote)}${semicolon}`,
      `return${semicolon}`,
    ],
  };
}

function hono(context: string): HttpHandler {
  return {
    framework: 'hono',
    request: context,
    answer: (status, text, quote, semicolon) => [`return ${context}.json(${message(text, quote)}, ${status})${semicolon}`],
  };
}
