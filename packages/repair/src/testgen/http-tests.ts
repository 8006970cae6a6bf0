import { type AppEntry, appEntries } from './app-entry.ts';
import { assertionsOf } from './assertions.ts';
import { type CallValues, callValues } from './call-values.ts';
import { packageAround } from './package-around.ts';
import { type HttpRequestValues, sendRequest } from './send-request.ts';
import type { TestContext } from './test-context.ts';
import type { TestPlan } from './test-plan.ts';
import { readTestStyle, type TestStyle } from './test-style.ts';

const REQUESTS_TRIED = 2;
const ENTRIES_TRIED = 2;

/** Tests that send a logged request to the service, in process, and look at the status: never a failure of the server. */
export function httpTests(context: TestContext): TestPlan[] {
  const { diagnosis, codebase, sources } = context;
  const failing = callValues(diagnosis.analysis.failingCalls, codebase.routes).filter((call) => call.request?.path.startsWith('/'));
  return appEntries(codebase, sources)
    .map((entry) => ({ entry, ...styleFor(entry, context) }))
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, ENTRIES_TRIED)
    .flatMap(({ entry, style, nearness }, rank) =>
      failing.slice(0, REQUESTS_TRIED).flatMap((call) => planFor(context, entry, style, call, 0.6 * nearness * 0.8 ** rank)),
    );
}

/** A test of the service is written like those of the service's package, also where the fault is in another one that it uses. */
function styleFor({ file }: AppEntry, { codebase, sources, diagnosis, style }: TestContext): { style: TestStyle; nearness: number } {
  const own = packageAround(codebase, sources, diagnosis.analysis.rootCause.location.file).holds(file);
  return own ? { style, nearness: 1 } : { style: readTestStyle(codebase, sources, file), nearness: 0.4 };
}

function planFor(
  { diagnosis, sources }: TestContext,
  entry: AppEntry,
  style: TestStyle,
  { eventId, request }: CallValues,
  weight: number,
): TestPlan[] {
  if (!request) return [];
  const name = `${request.method} ${request.route ?? request.path}`;
  const values: HttpRequestValues = { method: request.method, path: withQuery(request), body: request.body };
  const sent = sendRequest(entry, values, style, assertionsOf(style), sources);
  return [
    {
      proof: 'reproduction',
      target: diagnosis.analysis.rootCause.location,
      subject: name,
      claim: 'does not fail for a request of production',
      imports: [...entry.imports, ...sent.imports],
      body: sent.body,
      asynchronous: true,
      source: { events: [eventId], description: `the logged request ${name}` },
      expectation: `${name} is not answered with a server error`,
      style,
      weight,
    },
  ];
}

function withQuery(request: NonNullable<CallValues['request']>): string {
  if (request.path.includes('?')) return request.path;
  const search = new URLSearchParams(
    Object.entries(request.query).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  ).toString();
  return search === '' ? request.path : `${request.path}?${search}`;
}
