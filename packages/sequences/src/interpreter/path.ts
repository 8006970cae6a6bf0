import { SelfhealError } from '@selfheal/contracts/errors';

/** What paths are resolved in: `input`, `baton`, `now`, loop variables and the output of each beat by its id. */
export type Scope = Readonly<Record<string, unknown>>;

export type ParsedPath = { readonly segments: readonly (string | number)[] } | { readonly problem: string };

/** True for a string that a mapping takes as a path. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && (value.startsWith('$.') || value.startsWith('$['));
}

/** Stands for stored data, whose content is not at hand here; `bytes` is its size as JSON. */
export interface Reference {
  readonly $ref: string;
  readonly bytes: number;
}

export function isReference(value: unknown): value is Reference {
  return isRecord(value) && typeof value.$ref === 'string' && value.$ref.startsWith('sha256-');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value at a path such as `$.extract.events[0].id` or `$['a.b'].c`; undefined where it leads nowhere. `[-1]` is the
 * last element, `.length` works on lists and texts, only own properties are seen.
 * @throws BEAT_INPUT_INVALID when the path is malformed or leads into a reference
 */
export function resolvePath(scope: Scope, path: string): unknown {
  const parsed = parsePath(path);
  if ('problem' in parsed) throw new SelfhealError('BEAT_INPUT_INVALID', `the path "${path}" cannot be read: ${parsed.problem}`);
  let value: unknown = scope;
  for (const segment of parsed.segments) {
    if (isReference(value)) {
      const detail = `the path "${path}" leads into a reference to stored data, whose content is not part of the run; pass the reference itself and let the handler load it`;
      throw new SelfhealError('BEAT_INPUT_INVALID', detail);
    }
    value = step(value, segment);
    if (value === undefined) return undefined;
  }
  return value;
}

const NAME = /\.([^.[\]\s]+)/y;
const INDEX = /\[(-?\d+)\]/y;
const QUOTED = /\[(?:'([^']*)'|"([^"]*)")\]/y;

export function parsePath(path: string): ParsedPath {
  if (!path.startsWith('$')) return { problem: 'it must begin with "$"' };
  const segments: (string | number)[] = [];
  let at = 1;
  while (at < path.length) {
    const name = matchAt(NAME, path, at);
    const index = matchAt(INDEX, path, at);
    const quoted = matchAt(QUOTED, path, at);
    if (name?.[1] !== undefined) segments.push(name[1]);
    else if (index?.[1] !== undefined) segments.push(Number(index[1]));
    else if (quoted) segments.push(quoted[1] ?? quoted[2] ?? '');
    else return { problem: `expected .name, [0] or ['name'] at character ${at + 1}` };
    at += (name ?? index ?? quoted)?.[0].length ?? 1;
  }
  return { segments };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function step(value: unknown, segment: string | number): unknown {
  if (Array.isArray(value)) {
    if (segment === 'length') return value.length;
    const index = Number(segment);
    return Number.isInteger(index) ? value.at(index) : undefined;
  }
  if (typeof value === 'string') return segment === 'length' ? value.length : undefined;
  return isRecord(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}
