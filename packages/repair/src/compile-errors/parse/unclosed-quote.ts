import { type Recovery, spliced, type Variant } from './recovery.ts';

export const unclosedQuote: Recovery = {
  name: 'unclosed-quote',
  source:
    'an unterminated literal swallows what stands behind it: it ends before the punctuation at the end of the line, or at another quote',
  *propose({ text }): Generator<Variant> {
    let start = 0;
    for (const line of text.split('\n')) {
      yield* ofLine(text, line, start);
      start += line.length + 1;
    }
    yield* openComment(text);
  },
};

function* ofLine(text: string, line: string, start: number): Generator<Variant> {
  for (const quote of ["'", '"', '`']) {
    const count = line.split(quote).length - 1;
    if (count % 2 === 0) continue;
    const [, punctuation = ''] = /([\s;,)\]}]*)$/.exec(line) ?? [];
    const closing = start + line.length - punctuation.length;
    // Shortest tail first: `'abc';` rather than `'abc;'`.
    yield [spliced(text, closing, closing, quote), 0.4];
    for (let tail = 1; tail < punctuation.length; tail += 1) yield [spliced(text, closing + tail, closing + tail, quote), 0.6];
    for (const match of line.matchAll(/\w(?=\W|$)/g)) yield [spliced(text, start + match.index + 1, start + match.index + 1, quote), 0.9];
    for (const match of line.matchAll(/['"`]/g)) {
      const at = start + match.index;
      if (match[0] !== quote) yield [spliced(text, at, at + 1, quote), 0.35];
      else {
        yield [spliced(text, at, at + 1, ''), 1.1];
        for (const other of ["'", '"', '`']) if (other !== quote) yield [spliced(text, at, at + 1, other), 0.45];
        // An apostrophe inside a text.
        if (/\w/.test(line[match.index - 1] ?? '') && /\w/.test(line[match.index + 1] ?? '')) yield [spliced(text, at, at, '\\'), 0.3];
      }
    }
    for (const match of line.matchAll(/(?<!\w)['"`]?[A-Za-z]/g)) yield [spliced(text, start + match.index, start + match.index, quote), 1];
  }
  // `${name` without its end.
  const open = line.lastIndexOf('${');
  if (open < 0 || line.slice(open).includes('}')) return;
  for (const match of line.slice(open).matchAll(/[\w)\]](?=\W|$)/g)) {
    const at = start + open + match.index + 1;
    yield [spliced(text, at, at, '}'), 0.4];
  }
}

function* openComment(text: string): Generator<Variant> {
  const open = text.lastIndexOf('/*');
  if (open < 0 || text.indexOf('*/', open) >= 0) return;
  let at = open;
  for (const line of text.slice(open).split('\n')) {
    yield [spliced(text, at + line.length, at + line.length, ' */'), /^\s*(\/\*|\*)/.test(line) ? 0.3 : 1];
    at += line.length + 1;
  }
}
