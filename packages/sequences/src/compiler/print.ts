/** Prints TypeScript: literals, names and blocks, as a person would lay them out. */

const WIDTH = 110;
/** Narrower, so that the call around an object has its place on the line. */
const DATA_WIDTH = 88;

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** A text as a single-quoted literal. */
export function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** A JSON value as a literal. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return array(value.map(literal));
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  return object(Object.entries(value).map(([name, entry]) => `${key(name)}: ${literal(entry)}`));
}

function number(value: number): string {
  if (!Number.isSafeInteger(value) || Math.abs(value) < 10_000) return String(value);
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}

/** The name of a property; a literal `__proto__` would be no property. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(name) ? name : quote(name);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export function object(entries: readonly string[]): string {
  return entries.length === 0 ? '{}' : enclosed('{ ', entries, ' }', DATA_WIDTH);
}

export function array(items: readonly string[]): string {
  return items.length === 0 ? '[]' : enclosed('[', items, ']', DATA_WIDTH);
}

export function call(callee: string, args: readonly string[]): string {
  return enclosed(`${callee}(`, args, ')');
}

/** On one line where that is short, else an item on each line. An object or a function that ends a call stays on the call's line. */
function enclosed(open: string, items: readonly string[], close: string, width = WIDTH): string {
  const line = `${open}${items.join(', ')}${close}`;
  if (line.length <= width && !line.includes('\n')) return line;
  const [last = '', ...before] = items.toReversed();
  const head = `${open}${before
    .reverse()
    .map((item) => `${item}, `)
    .join('')}`;
  if (close === ')' && last.includes('\n') && !head.includes('\n') && head.length + last.indexOf('\n') <= WIDTH) return `${head}${last})`;
  return [open.trimEnd(), ...items.flatMap((item) => indent(`${item},`.split('\n'))), close.trimStart()].join('\n');
}

/** `async (score) => { … }`, or whatever begins the block. */
export function block(head: string, lines: readonly string[]): string {
  return [`${head} {`, ...indent(lines), '}'].join('\n');
}

/** The lines of a text, for a place among other lines. */
export function linesOf(text: string): string[] {
  return text.split('\n');
}

/** A doc comment; nothing for no text. What would end the comment is parted. */
export function docComment(...texts: readonly (string | undefined)[]): string[] {
  const lines = texts.flatMap((text) => (text === undefined || text === '' ? [] : text.replaceAll('*/', '* /').split(/\r?\n/)));
  if (lines.length === 0) return [];
  return lines.length === 1 ? [`/** ${lines[0]} */`] : ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** A comment of one line. */
export function lineComment(text: string): string {
  return `// ${text.replaceAll(/\s+/g, ' ').trim()}`;
}
