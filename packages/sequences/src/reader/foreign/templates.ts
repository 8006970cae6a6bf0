import { parsePath } from '../../interpreter/path.ts';

/** How names in another tool's templates map to our scope. */
export interface ForeignScope {
  /** Ids of steps or nodes, whose outputs a template may name first. */
  readonly ids: ReadonlySet<string>;
  /** Loop variables. */
  readonly locals: ReadonlySet<string>;
  /** Names that stand for the sequence's input, such as `workflow` or `trigger`. */
  readonly inputNames: ReadonlySet<string>;
}

const WHOLE = /^(?:\{\{\s*([^{}]+?)\s*\}\}|\$\{\s*([^{}]+?)\s*\})$/;
const PLACE = /\{\{\s*([^{}]+?)\s*\}\}|\$\{\s*([^{}]+?)\s*\}/g;

/** A value with `{{order.id}}` or `${order.id}` in it → a mapped value of ours; what only looks like a path of ours stays literal. */
export function mappedTemplate(value: unknown, scope: ForeignScope): unknown {
  if (typeof value === 'string') return mappedText(value, scope);
  if (Array.isArray(value)) return value.map((item) => mappedTemplate(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const mapped = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mappedTemplate(item, scope)]));
  return hasMappingKeys(mapped) ? { value } : mapped;
}

function mappedText(text: string, scope: ForeignScope): unknown {
  const whole = WHOLE.exec(text);
  const path = whole && foreignPath(whole[1] ?? whole[2] ?? '', scope);
  if (path) return path;
  const template = text.replace(PLACE, (place, braces?: string, dollar?: string) => {
    const inner = foreignPath(braces ?? dollar ?? '', scope);
    return inner === undefined ? place : `{{${inner}}}`;
  });
  if (template !== text) return { template };
  return /^\$[.[]/.test(text) ? { value: text } : text;
}

/** `order.items[0].id` → `$.baton.order.items[0].id`, or the output, loop variable or input it names first. */
export function foreignPath(written: string, scope: ForeignScope): string | undefined {
  const name = written.trim().replace(/^\$\.?/, '');
  const parsed = parsePath(`$.${name}`);
  if ('problem' in parsed || parsed.segments.length === 0) return undefined;
  const [root, ...rest] = parsed.segments;
  if (root === 'env') return undefined;
  const head = String(root);
  if (scope.inputNames.has(head)) return ourPath(['input', ...rest]);
  const known = scope.locals.has(head) || scope.ids.has(head) || head === 'now' || head === 'input';
  return ourPath(known ? parsed.segments : ['baton', ...parsed.segments]);
}

function ourPath(segments: readonly (string | number)[]): string {
  const steps = segments.map((segment) => {
    if (typeof segment === 'number') return `[${segment}]`;
    return /^[^.[\]\s'{}]+$/.test(segment) ? `.${segment}` : `['${segment}']`;
  });
  return `$${steps.join('')}`;
}

const MAPPING_KEYS: readonly string[] = ['value', 'path', 'template'];

/** An object of another tool that by chance reads like one of our mapping forms. */
function hasMappingKeys(value: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && MAPPING_KEYS.includes(keys[0] ?? '');
}
