import type Handlebars from 'handlebars';
import type { TemplateFinding } from './template-finding.ts';

/** Handlebars, loaded when a template is read: an engine at rest needs none. */
export async function loadHandlebars(): Promise<typeof Handlebars> {
  const { default: handlebars } = await import('handlebars');
  return handlebars.create();
}

/** The syntax tree of a template, or where its syntax is broken. */
export function parseTemplate(handlebars: typeof Handlebars, text: string): { tree: hbs.AST.Program } | { finding: TemplateFinding } {
  try {
    return { tree: handlebars.parse(text) };
  } catch (error) {
    return { finding: syntaxFinding(text, error instanceof Error ? error : new Error(String(error))) };
  }
}

/**
 * Handlebars tells the place of some errors (`if doesn't match each - 3:4`), for others only the line and the last characters before
 * it (`Parse error on line 3:` and a picture with an arrow).
 */
function syntaxFinding(text: string, error: Error): TemplateFinding {
  const placed = / - (\d+):(\d+)$/.exec(error.message);
  if (placed) return { line: Number(placed[1]), column: Number(placed[2]) + 1, message: error.message.slice(0, placed.index) };
  const [head = '', picture = '', arrow = '', ...rest] = error.message.split('\n');
  const line = Number(/on line (\d+)/.exec(head)?.[1] ?? 1);
  const before = picture.slice(0, Math.max(0, arrow.indexOf('^'))).replace(/^\.\.\./, '');
  const got = /got '([^']*)'/.exec(rest.join(' '))?.[1];
  const source = text.split('\n')[line - 1] ?? '';
  return {
    line,
    column: columnAfter(source, before),
    message: got === 'EOF' ? 'the text ends within a tag or block' : 'this cannot be read here',
  };
}

/** One past the place where the longest possible tail of `before` stands in the line. */
function columnAfter(source: string, before: string): number {
  for (let length = Math.min(before.length, source.length); length > 0; length -= 1) {
    const at = source.indexOf(before.slice(-length));
    if (at >= 0) return at + length + 1;
  }
  return 1;
}
