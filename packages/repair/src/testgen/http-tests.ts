import type { HttpRequest, SourceSnapshot } from '@selfheal/contracts';
import { type AppEntry, appEntries } from './app-entry.ts';
import { type CallValues, callValues } from './call-values.ts';
import { toLiteral, toStringLiteral } from './literal.ts';
import type { TestContext } from './test-context.ts';
import type { TestImport, TestPlan } from './test-plan.ts';

const REQUESTS_TRIED = 2;

/** Tests that send a logged request to the service, in process, and look at the status: never a failure of the server. */
export function httpTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const failing = callValues(diagnosis.analysis.failingCalls).filter((call) => call.request !== undefined && /^\//.test(call.request.path));
  return appEntries(codebase, sources)
    .slice(0, 2)
    .flatMap((entry, rank) =>
      failing
        .slice(0, REQUESTS_TRIED)
        .flatMap((call) => planFor(context, entry, call).map((plan) => ({ ...plan, weight: plan.weight * 0.8 ** rank }))),
    );
}

function planFor(context: TestContext, entry: AppEntry, call: CallValues): TestPlan[] {
  const { request } = call;
  if (!request) return [];
  const sent = sending(context, entry, request);
  const name = `${request.method} ${request.route ?? request.path}`;
  return [
    {
      proof: 'reproduction',
      target: context.diagnosis.analysis.rootCause.location,
      subject: name,
      claim: 'does not fail for a request of production',
      imports: [...entry.imports, ...sent.imports],
      body: sent.body,
      asynchronous: true,
      source: { events: [call.eventId], description: `the logged request ${name}` },
      expectation: `${name} is not answered with a server error`,
      weight: 0.55,
    },
  ];
}

/** Statements that send the request and assert on the status, in the framework's own way. */
export function sending(context: TestContext, entry: AppEntry, request: HttpRequest): { imports: TestImport[]; body: string[] } {
  const { style, assert, sources } = context;
  const { semicolon: end, quote } = style.code;
  const url = toStringLiteral(withQuery(request), quote);
  const method = toStringLiteral(request.method.toUpperCase(), quote);
  const body = request.body === undefined ? undefined : toLiteral(request.body, style.code);
  const payload = body === undefined ? [] : [`const body = ${body}${end}`];
  const checked = (status: string) => assert.atMost(status, '499', 'the server must not fail');
  if (entry.framework === 'fastify') {
    const options = [`method: ${method}`, `url: ${url}`, ...(body === undefined ? [] : ['payload: body'])].join(', ');
    return {
      imports: [],
      body: [
        ...payload,
        `const app = ${entry.code}${end}`,
        `const response = await app.inject({ ${options} })${end}`,
        checked('response.statusCode'),
      ].filter((line) => line !== `const app = app${end}`),
    };
  }
  const sent = ['method', ...(body === undefined ? [] : ['headers', 'body']), ...(entry.framework === 'hono' ? [] : ['signal'])]
    .map((key) => OPTIONS[key]?.(method, quote))
    .join(', ');
  if (entry.framework === 'hono') {
    return {
      imports: [],
      body: [
        ...payload,
        `const response = await ${parenthesised(entry.code)}.request(${url}, { ${sent} })${end}`,
        checked('response.status'),
      ],
    };
  }
  if (usesSupertest(sources) && entry.framework === 'express') {
    const send = body === undefined ? '' : '.send(body)';
    const verb = request.method.toLowerCase();
    return {
      imports: [{ module: 'supertest', name: 'default', as: 'request' }],
      body: [...payload, `const response = await request(${entry.code}).${verb}(${url})${send}${end}`, checked('response.status')],
    };
  }
  const typed = style.typescript ? ' as AddressInfo' : '';
  return {
    imports: style.typescript ? [{ module: 'node:net', name: 'AddressInfo', as: 'AddressInfo', type: true }] : [],
    body: [
      ...payload,
      `const server = ${parenthesised(entry.code)}.listen(0)${end}`,
      'try {',
      `${style.code.indent}const { port } = server.address()${typed}${end}`,
      `${style.code.indent}const response = await fetch(\`http://127.0.0.1:\${port}${inTemplate(withQuery(request), quote)}\`, { ${sent} })${end}`,
      `${style.code.indent}${checked('response.status')}`,
      '} finally {',
      `${style.code.indent}server.close()${end}`,
      '}',
    ],
  };
}

const OPTIONS: Readonly<Record<string, (method: string, quote: string) => string>> = {
  method: (method) => `method: ${method}`,
  headers: (_, quote) => `headers: { ${quote}content-type${quote}: ${quote}application/json${quote} }`,
  body: () => 'body: JSON.stringify(body)',
  // A request that is never answered must fail, not hang.
  signal: () => 'signal: AbortSignal.timeout(5_000)',
};

function parenthesised(code: string): string {
  return code.startsWith('await ') ? `(${code})` : code;
}

/** A path within a template literal; as a literal of its own where it holds what would end the template. */
function inTemplate(path: string, quote: "'" | '"'): string {
  return /^[\w/.~%&=?+:@,-]*$/.test(path) ? path : `\${${toStringLiteral(path, quote)}}`;
}

function withQuery(request: HttpRequest): string {
  if (request.path.includes('?') || !request.query) return request.path;
  const search = new URLSearchParams(
    Object.entries(request.query).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  ).toString();
  return search === '' ? request.path : `${request.path}?${search}`;
}

function usesSupertest(sources: SourceSnapshot): boolean {
  return /"supertest"\s*:/.test(sources.files['package.json'] ?? '');
}
