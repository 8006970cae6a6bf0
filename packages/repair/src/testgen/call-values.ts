import type { CodebaseInfo, HttpRequest, Json, RecordedCall, RecordedFrame } from '@selfheal/contracts';
import { fitForTest } from './logged-value.ts';

/** The values that production logged of one call, made fit for a test. */
export interface CallValues {
  readonly eventId: string;
  readonly input: Json | undefined;
  readonly request: (HttpRequest & { params: Record<string, Json>; query: Record<string, Json> }) | undefined;
  readonly output: Json | undefined;
  /** Arguments and locals by frame, as the recorder saw them. */
  readonly frames: readonly RecordedFrame[];
}

type ServedRoute = Pick<CodebaseInfo['routes'][number], 'method' | 'path'>;

/** Distinct calls with values: recorded ones first, then the smallest, so that a test shows the fault with as little as possible. */
export function callValues(calls: readonly RecordedCall[], routes: readonly ServedRoute[] = []): CallValues[] {
  const seen = new Set<string>();
  return calls
    .map((call) => ({
      eventId: call.eventId,
      input: fitForTest(call.input),
      output: fitForTest(call.output),
      request: requestOf(call, routes),
      frames: call.frames ?? [],
    }))
    .filter((call) => {
      const [frame] = call.frames;
      const key = JSON.stringify([call.input, call.request?.body, call.request?.path, frame?.values]);
      if ((call.input === undefined && call.request === undefined && frame === undefined) || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => Number(b.frames.length > 0) - Number(a.frames.length > 0) || size(a) - size(b));
}

function size(call: CallValues): number {
  return JSON.stringify([call.input, call.request?.body, call.frames[0]?.values]).length;
}

function requestOf(call: RecordedCall, routes: readonly ServedRoute[]): CallValues['request'] {
  if (!call.request) return undefined;
  const { body, ...rest } = call.request;
  const fitted = fitForTest(body);
  if (body !== undefined && fitted === undefined) return undefined;
  const [path = '', search = ''] = rest.path.split('?', 2);
  const route = rest.route ?? routeOf(rest.method, path, routes);
  return {
    ...rest,
    ...(route === undefined ? {} : { route }),
    path,
    ...(fitted === undefined ? {} : { body: fitted }),
    params: rest.params ?? pathParams(route, path),
    query: rest.query ?? Object.fromEntries(new URLSearchParams(search)),
  };
}

/** The route that serves a path, where the log does not name it: of several the one with most fixed parts. */
function routeOf(method: string, path: string, routes: readonly ServedRoute[]): string | undefined {
  const parts = path.split('/');
  const serving = routes.filter((route) => {
    const wanted = route.path.split('/');
    const isMethod = route.method === 'ALL' || route.method === method.toUpperCase();
    return isMethod && wanted.length === parts.length && wanted.every((part, index) => isParameter(part) || part === parts[index]);
  });
  const open = ({ path: one }: ServedRoute) => one.split('/').filter(isParameter).length;
  return serving.toSorted((a, b) => open(a) - open(b))[0]?.path;
}

function isParameter(part: string): boolean {
  return /^[:{]/.test(part);
}

/** `{ id: '7' }` for `/orders/:id` and `/orders/7`. */
function pathParams(route: string | undefined, path: string): Record<string, Json> {
  if (route === undefined) return {};
  const parts = path.split('/');
  return Object.fromEntries(
    route.split('/').flatMap((part, index) => {
      const [, name] = /^[:{]([A-Za-z_]\w*)/.exec(part) ?? [];
      const value = parts[index];
      return name !== undefined && value !== undefined ? [[name, decoded(value)]] : [];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // logged as it came, and it came malformed
  }
}
