import { posix } from 'node:path';
import type { Json, SourceSnapshot } from '@selfheal/contracts';
import type { AppEntry } from './app-entry.ts';
import type { Assertions } from './assertions.ts';
import { toLiteral, toStringLiteral } from './literal.ts';
import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

export interface HttpRequestValues {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: Json | undefined;
}

export interface SentRequest {
  readonly imports: readonly TestImport[];
  readonly body: readonly string[];
}

interface Writing {
  readonly entry: AppEntry;
  readonly style: TestStyle;
  readonly url: string;
  readonly method: string;
  readonly request: HttpRequestValues;
  readonly supertest: boolean;
  checked(status: string): string;
}

/**
 * Statements that send a request to the service and assert that the server does not fail, in the framework's own way: `app.inject` for
 * Fastify, `app.request` for Hono, supertest where the repository has it, else a free port and `fetch`. Nothing is left open.
 */
export function sendRequest(
  entry: AppEntry,
  request: HttpRequestValues,
  style: TestStyle,
  assert: Assertions,
  sources: SourceSnapshot,
): SentRequest {
  const { quote, semicolon: end } = style.code;
  const writing: Writing = {
    entry,
    style,
    request,
    url: toStringLiteral(request.path, quote),
    method: toStringLiteral(request.method.toUpperCase(), quote),
    supertest: hasPackage(sources, entry.file, 'supertest'),
    checked: (status) => assert.atMost(status, '499', 'the server must not fail'),
  };
  const sent = WAYS[entry.framework](writing);
  const payload = request.body === undefined ? [] : [`const body = ${toLiteral(request.body, style.code)}${end}`];
  return { imports: sent.imports, body: [...payload, ...sent.body] };
}

const WAYS: Readonly<Record<AppEntry['framework'], (writing: Writing) => SentRequest>> = {
  fastify: inject,
  hono: ask,
  express: (writing) => (writing.supertest ? withSupertest(writing, writing.entry.code) : overPort(writing)),
  koa: (writing) => (writing.supertest ? withSupertest(writing, `${parenthesised(writing.entry.code)}.callback()`) : overPort(writing)),
  node: (writing) => (writing.supertest ? withSupertest(writing, writing.entry.code) : overPort(writing)),
  nest: inNest,
};

function inject({ entry, style, url, method, request, checked }: Writing): SentRequest {
  const { semicolon: end } = style.code;
  const options = [`method: ${method}`, `url: ${url}`, ...(request.body === undefined ? [] : ['payload: body'])].join(', ');
  const made = entry.code === 'app' ? [] : [`const app = ${entry.code}${end}`];
  return {
    imports: [],
    body: [...made, `const response = await app.inject({ ${options} })${end}`, checked('response.statusCode')],
  };
}

function ask({ entry, style, url, method, request, checked }: Writing): SentRequest {
  const options = ['method', ...(request.body === undefined ? [] : ['headers', 'body'])];
  const sent = `${parenthesised(entry.code)}.request(${url}, { ${fetchOptions(options, method, style.code.quote)} })`;
  return { imports: [], body: [`const response = await ${sent}${style.code.semicolon}`, checked('response.status')] };
}

function withSupertest({ style, url, request, checked }: Writing, app: string): SentRequest {
  const send = request.body === undefined ? '' : '.send(body)';
  return {
    imports: [supertest(style)],
    body: [
      `const response = await request(${app}).${request.method.toLowerCase()}(${url})${send}${style.code.semicolon}`,
      checked('response.status'),
    ],
  };
}

function supertest({ modules }: TestStyle): TestImport {
  return { module: 'supertest', name: modules === 'commonjs' ? 'module.exports' : 'default', as: 'request' };
}

function overPort(writing: Writing): SentRequest {
  const { entry, style } = writing;
  const { semicolon: end } = style.code;
  return {
    imports: portImports(style),
    body: [
      `const server = ${parenthesised(entry.code)}.listen(0)${end}`,
      ...tried(style, fetched(writing, 'server'), `server.close()${end}`),
    ],
  };
}

/** As Nest's own end-to-end tests do it. */
function inNest(writing: Writing): SentRequest {
  const { entry, style } = writing;
  const { semicolon: end } = style.code;
  const server = 'app.getHttpServer()';
  const sent = writing.supertest ? withSupertest(writing, server) : { imports: portImports(style), body: fetched(writing, server) };
  const opened = writing.supertest ? `await app.init()${end}` : `await app.listen(0)${end}`;
  return {
    imports: sent.imports,
    body: [`const app = ${entry.code}${end}`, opened, ...tried(style, sent.body, `await app.close()${end}`)],
  };
}

function fetched({ style, method, request, checked }: Writing, server: string): string[] {
  const { quote, semicolon: end } = style.code;
  const options = fetchOptions(['method', ...(request.body === undefined ? [] : ['headers', 'body']), 'signal'], method, quote);
  const address = style.typescript ? `${server}.address() as AddressInfo` : `${server}.address()`;
  return [
    `const { port } = ${address}${end}`,
    `const response = await fetch(\`http://127.0.0.1:\${port}${inTemplate(request.path, quote)}\`, { ${options} })${end}`,
    checked('response.status'),
  ];
}

function portImports({ typescript }: TestStyle): TestImport[] {
  return typescript ? [{ module: 'node:net', name: 'AddressInfo', as: 'AddressInfo', type: true }] : [];
}

function tried({ code }: TestStyle, body: readonly string[], last: string): string[] {
  return ['try {', ...body.map((line) => code.indent + line), '} finally {', code.indent + last, '}'];
}

const OPTIONS: Readonly<Record<string, (method: string, quote: string) => string>> = {
  method: (method) => `method: ${method}`,
  headers: (_, quote) => `headers: { ${quote}content-type${quote}: ${quote}application/json${quote} }`,
  body: () => 'body: JSON.stringify(body)',
  // A request that is never answered must fail, not hang.
  signal: () => 'signal: AbortSignal.timeout(5_000)',
};

function fetchOptions(names: readonly string[], method: string, quote: string): string {
  return names.map((name) => OPTIONS[name]?.(method, quote)).join(', ');
}

function parenthesised(code: string): string {
  return code.startsWith('await ') ? `(${code})` : code;
}

/** A path within a template literal; as a literal of its own where it holds what would end the template. */
function inTemplate(path: string, quote: "'" | '"'): string {
  return /^[\w/.~%&=?+:@,-]*$/.test(path) ? path : `\${${toStringLiteral(path, quote)}}`;
}

/** Whether the package that a file is in, or one around it, asks for another. */
export function hasPackage({ files }: SourceSnapshot, file: string, name: string): boolean {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    if (files[posix.join(folder, 'package.json')]?.includes(`"${name}":`)) return true;
    if (folder === '.' || folder === '/') return false;
  }
}
