/** How a file is written, so that what is added to it looks as if its authors had written it. */
export interface CodeStyle {
  readonly quote: "'" | '"';
  readonly semicolon: '' | ';';
  readonly indent: string;
  readonly newline: '\n' | '\r\n';
  /** `if (x) return;` on one line, or always with braces. */
  readonly bracelessIf: boolean;
  /** A loose `x == null` is used for "null or undefined". */
  readonly looseNull: boolean;
  readonly trailingComma: boolean;
}

/** The style of a file; what it shows no example of is read from `neighbours`, other texts of the same authors. */
export function styleOf(text: string, neighbours: () => string = () => ''): CodeStyle {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const unended = count(/(return\b.*|\)|['"`\w\]])[ \t]*\r?$/gm);
  const guards = GUARD.test(text) ? text : neighbours();
  return {
    quote: count(/"(?:[^"\\\n]|\\.)*"/g) > count(/'(?:[^'\\\n]|\\.)*'/g) ? '"' : "'",
    semicolon: count(/;[ \t]*(\/\/.*)?\r?$/gm) * 2 >= unended ? ';' : '',
    indent: indentOf(text),
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    bracelessIf: (guards.match(BRACELESS)?.length ?? 0) > (guards.match(BRACED)?.length ?? 0),
    looseNull: /[^=!]==\s*null\b|!=\s*null\b/.test(text),
    trailingComma: /,\s*\n\s*[\]})]/.test(text),
  };
}

const BRACELESS = /^\s*if \(.*\) (return|throw|continue|break)\b/gm;
/** An `if` whose braces hold nothing but a way out. */
const BRACED = /^\s*if \(.*\) \{\s*\n\s*(return|throw|continue|break)\b[^\n]*\n\s*\}/gm;
const GUARD = /^\s*if \(.*\) (\{\s*\n\s*)?(return|throw|continue|break)\b/m;

/** The whitespace that begins the line of a position. */
export function indentAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, position))?.[0] ?? '';
}

function indentOf(text: string): string {
  const steps = new Map<string, number>();
  let before = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    const own = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (own.length > before.length && own.startsWith(before)) {
      const step = own.slice(before.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    before = own;
  }
  const [most] = [...steps].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? '  ';
}

/** An `if` that leaves, in the file's style: `exit` holds the statements to leave by, without indentation. */
export function guardStatement(condition: string, exit: readonly string[], indent: string, style: CodeStyle): string {
  const [only = ''] = exit;
  if (exit.length === 1 && style.bracelessIf && condition.length + only.length < 110)
    return `${indent}if (${condition}) ${only}${style.newline}`;
  const body = exit.map((line) => `${indent}${style.indent}${line}${style.newline}`).join('');
  return `${indent}if (${condition}) {${style.newline}${body}${indent}}${style.newline}`;
}

/** The text of a node whose continuation lines lose the indentation that the node's own line has. */
export function dedentBlock(text: string, node: { getSourceFile(): { getFullText(): string }; getStart(): number }): string {
  const depth = indentAt(node.getSourceFile().getFullText(), node.getStart());
  return text
    .split('\n')
    .map((line, index) => (index > 0 && line.startsWith(depth) ? line.slice(depth.length) : line))
    .join('\n');
}
