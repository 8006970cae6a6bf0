import type { ts } from 'ts-morph';
import type { CodeFile } from '../code-index.ts';

/** One route as a file registers it, before prefixes of the routers around it are known. */
export interface Registration {
  readonly method: string;
  readonly path: string;
  /** What serves it, as written. */
  readonly handler: ts.Node;
  /** The router or application it is registered on; undefined for tables and file-based routes. */
  readonly receiver: ts.Expression | undefined;
  readonly at: ts.Node;
  readonly file: CodeFile;
}

/** Upper-case names of route methods by the call that registers them; `ALL` stands for any method. */
export const VERBS: Readonly<Record<string, string>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
  all: 'ALL',
  any: 'ALL',
};

const METHOD_NAMES = new Set(Object.values(VERBS));

/** `GET` for `get` or `Get`; undefined for what is no HTTP method. */
export function methodName(text: string | undefined): string | undefined {
  const upper = text?.toUpperCase();
  if (upper === undefined) return undefined;
  return upper === '*' ? 'ALL' : METHOD_NAMES.has(upper) ? upper : undefined;
}

export function isRoutePath(text: string | undefined): text is string {
  return text !== undefined && (text === '' || text === '*' || text.startsWith('/')) && !text.includes(' ');
}

/** `/api` and `/orders/` give `/api/orders`. */
export function joinPath(prefix: string, path: string): string {
  const joined = `/${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return joined === '' ? '/' : joined;
}
