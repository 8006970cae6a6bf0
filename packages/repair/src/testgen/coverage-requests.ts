import { type AppEntry, appEntries } from './app-entry.ts';
import { type CallValues, callValues } from './call-values.ts';
import { toLiteral, toStringLiteral } from './literal.ts';
import { probeOf, slotName } from './probe-body.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';

const REQUESTS_KEPT = 5;

/** Tests that send logged requests to the service within the test's process; status and body are observed, then asserted. */
export function servedCoverage(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const calls = callValues([...diagnosis.analysis.passingCalls, ...diagnosis.analysis.failingCalls]);
  const requests = calls.filter((call) => call.request?.path.startsWith('/'));
  const [entry] = appEntries(codebase, sources).filter((one) => one.framework === 'fastify' || one.framework === 'hono');
  return entry && requests.length > 0 ? [planOf(context, entry, requests.slice(0, REQUESTS_KEPT))] : [];
}

function planOf({ style, assert, diagnosis }: TestContext, entry: AppEntry, calls: readonly CallValues[]): TestPlan {
  const { semicolon: end } = style.code;
  const setup = entry.code === 'app' ? [] : [`const app = ${entry.code}${end}`];
  const cases = calls.map((call, index) => {
    const name = `response${index === 0 ? '' : index + 1}`;
    const body = entry.framework === 'hono' ? `await ${name}.text()` : `${name}.body`;
    const status = `${name}.${entry.framework === 'hono' ? 'status' : 'statusCode'}`;
    return { slot: slotName(index), setup: [`const ${name} = await ${sending(entry, call, style)}${end}`], code: `[${status}, ${body}]` };
  });
  const [first] = calls;
  const subject = `${first?.request?.method ?? 'GET'} ${first?.request?.route ?? first?.request?.path ?? '/'}`;
  return {
    proof: 'coverage',
    target: diagnosis.analysis.rootCause.location,
    subject,
    claim: 'answers logged requests as it does',
    imports: entry.imports,
    body: [...setup, ...cases.flatMap((one) => [...one.setup, assert.deepEqual(one.code, one.slot)])],
    asynchronous: true,
    source: { events: calls.map((call) => call.eventId), description: `${calls.length} logged requests` },
    expectation: `${subject} answers as it does at ${diagnosis.commit.slice(0, 12)}`,
    weight: 0.4,
    probe: probeOf(setup, cases, end),
  };
}

function sending({ framework }: AppEntry, { request }: CallValues, { code }: TestContext['style']): string {
  const url = toStringLiteral(request?.path ?? '/', code.quote);
  const method = toStringLiteral(request?.method ?? 'GET', code.quote);
  const body = request?.body === undefined ? undefined : toLiteral(request.body, code);
  if (framework === 'fastify') return `app.inject({ method: ${method}, url: ${url}${body === undefined ? '' : `, payload: ${body}`} })`;
  const json = `${code.quote}application/json${code.quote}`;
  const sent = body === undefined ? '' : `, headers: { ${code.quote}content-type${code.quote}: ${json} }, body: JSON.stringify(${body})`;
  return `app.request(${url}, { method: ${method}${sent} })`;
}
