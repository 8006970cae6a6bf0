const ID_SEGMENTS: readonly RegExp[] = [
  /^\d+$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{8,}$/i,
  /^[A-Za-z]{1,12}[-_]\d+$/,
  /^[a-z]{2,12}_(?=.*\d)[A-Za-z0-9]{6,}$/,
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$/,
  /^\d{4}-\d{2}(?:-\d{2})?$/,
  /^[^@\s]{1,64}@[^@\s]{1,255}$/,
  /^<redacted:/,
];

export interface SplitUrl {
  path: string;
  query?: Record<string, string>;
}

/** Path and query of a URL, absolute or not. */
export function splitUrl(url: string): SplitUrl {
  const text = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  const query: Record<string, string> = {};
  if (mark >= 0) for (const [key, value] of new URLSearchParams(text.slice(mark + 1))) query[key] = value;
  return { path: path === '' ? '/' : path, ...(Object.keys(query).length === 0 ? {} : { query }) };
}

/** The pattern of a path: segments that look like ids become `:id`, so that one operation has one name. */
export function routeOfPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.map((segment) => (isId(decoded(segment)) ? ':id' : segment)).join('/')}`;
}

/** A logged pattern in one spelling: `/orders/{id}`, `/orders/<id>` and `/orders/[id]/` are `/orders/:id`. */
export function routePattern(pattern: string): string {
  const { path } = splitUrl(pattern.replaceAll('?', ''));
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.map((segment) => parameter(segment)).join('/')}`;
}

/** `{id}`, `{id:[0-9]+}`, `<id>`, `<int:id>`, `[id]` as `:id`. */
function parameter(segment: string): string {
  const match = /^\{(\w+)(?::.*)?\}$|^<(?:\w+:)?(\w+)>$|^\[(\w+)\]$/.exec(segment);
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  return name === undefined ? segment : `:${name}`;
}

function isId(segment: string): boolean {
  return segment.length <= 512 && ID_SEGMENTS.some((pattern) => pattern.test(segment));
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
