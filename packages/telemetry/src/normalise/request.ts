import type { HttpRequest, Json } from '@selfheal/contracts';
import { isObject } from '../readers/json-line.ts';
import { bounded } from './bounded-json.ts';
import { millisecondsOf } from './duration.ts';
import { fieldNames } from './field-names.ts';
import type { FieldView } from './field-view.ts';
import { routePattern, splitUrl } from './route.ts';
import { REQUEST } from './spoken-words.ts';

const REQUEST_NAMES = fieldNames('req', 'request', 'http.request', 'httpRequest');
const METHOD_NAMES = fieldNames('method', 'http.method', 'http.request.method', 'httpMethod', 'verb', 'http_method', 'RequestMethod');
const URL_NAMES = fieldNames(
  'url.original',
  'originalUrl',
  'url.path',
  'url.full',
  'url',
  'path',
  'uri',
  'http.target',
  'http.url',
  'request_uri',
  'request_path',
  'RequestPath',
);
const ROUTE_NAMES = fieldNames('http.route', 'route', 'route.path', 'routePath', 'routerPath', 'url.template');
const PARAMETER_NAMES = fieldNames('req.params', 'pathParameters', 'routeParams');
const BODY_NAMES = fieldNames('body', 'requestBody', 'request_body', 'http.request.body', 'http.request.body.content');
const RESPONSE_NAMES = fieldNames('res', 'response', 'http.response');
const STATUS_NAMES = fieldNames(
  'statusCode',
  'status_code',
  'http.status_code',
  'http.response.status_code',
  'http.response.statusCode',
  'httpStatus',
  'StatusCode',
  'status',
);

export interface RequestSeen {
  readonly request: HttpRequest | undefined;
  /** Also where the line names no request of its own (Fastify's `request completed`). */
  readonly status: number | undefined;
  /** Where it is spoken in the text (`GET /a 200 12 ms`). */
  readonly durationMs: number | undefined;
}

const NOTHING: Readonly<Record<string, Json>> = {};
const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT)$/i;
const IN_TEXT =
  /(?:^|[\s"'[(])(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ((?:https?:\/\/[^\s"'/]{1,200})?\/[^\s"'\])]{0,4000})(?: HTTP\/[\d.]+"?)?(?:[\s:>=→-]{1,6}(?:status(?:Code)?[=: ]+)?([1-5]\d\d)\b(?:\D{1,16}?([\d.]{1,12} ?(?:ms|s))\b)?)?/;

/** The HTTP request that a record tells of, in the spellings of pino, Fastify, Express, winston, bunyan, ECS, OpenTelemetry and access logs. `subjects`: what the text may speak of. */
export function requestOf(view: FieldView, text: string, subjects: number): RequestSeen {
  const req = view.object(REQUEST_NAMES) ?? NOTHING;
  const method = firstText(req.method, req.requestMethod, view.value(METHOD_NAMES));
  const url = method === undefined ? undefined : firstText(req.originalUrl, req.url, req.path, req.requestUrl, view.value(URL_NAMES));
  const status = statusOf(view, req);
  if (method !== undefined && METHODS.test(method) && url !== undefined)
    return { request: build(view, req, method, url, status), status, durationMs: undefined };
  const spoken = (subjects & REQUEST) === 0 ? null : IN_TEXT.exec(text.slice(0, 4500));
  if (spoken?.[1] !== undefined && spoken[2] !== undefined) {
    const code = status ?? (spoken[3] === undefined ? undefined : Number(spoken[3]));
    return { request: build(view, req, spoken[1], spoken[2], code), status: code, durationMs: millisecondsOf(spoken[4], 1) };
  }
  return { request: undefined, status, durationMs: undefined };
}

function build(view: FieldView, req: Readonly<Record<string, Json>>, method: string, url: string, status: number | undefined): HttpRequest {
  const { path, query } = splitUrl(url);
  const route = firstText(
    req.route,
    isObject(req.route) ? req.route.path : undefined,
    req.routePath,
    isObject(req.routeOptions) ? req.routeOptions.url : undefined,
    view.value(ROUTE_NAMES),
  );
  const parameters = asObject(req.params) ?? view.object(PARAMETER_NAMES);
  const spelledQuery = asObject(req.query) ?? query;
  const body = bounded(jsonBody(req.body ?? req.payload ?? view.value(BODY_NAMES)));
  return {
    method: method.toUpperCase(),
    path,
    ...(route === undefined || !route.startsWith('/') ? {} : { route: routePattern(route) }),
    ...(spelledQuery === undefined || Object.keys(spelledQuery).length === 0 ? {} : { query: spelledQuery }),
    ...(parameters === undefined || Object.keys(parameters).length === 0 ? {} : { params: parameters }),
    ...(body === undefined ? {} : { body }),
    ...(status === undefined ? {} : { status }),
  };
}

function statusOf(view: FieldView, req: Readonly<Record<string, Json>>): number | undefined {
  const res = view.object(RESPONSE_NAMES) ?? NOTHING;
  return (
    statusCode(res.statusCode) ??
    statusCode(res.status) ??
    statusCode(res.status_code) ??
    statusCode(req.status) ??
    statusCode(view.value(STATUS_NAMES))
  );
}

function statusCode(value: Json | undefined): number | undefined {
  const code = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof code === 'number' && Number.isInteger(code) && code >= 100 && code <= 599 ? code : undefined;
}

/** A body logged as text is the JSON it holds. */
function jsonBody(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value) || value.length > 65_536) return value;
  try {
    const parsed: Json = JSON.parse(value);
    return parsed;
  } catch {
    return value;
  }
}

function asObject(value: Json | undefined): Record<string, Json> | undefined {
  return isObject(value) ? value : undefined;
}

function firstText(...values: (Json | undefined)[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
