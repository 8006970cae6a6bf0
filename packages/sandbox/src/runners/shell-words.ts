/** One simple command of a script line: `A=1 tool --flag 'a b'`. */
export interface ShellSegment {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/**
 * Splits a package script into simple commands and their words. Understands quotes, backslashes, `&&`, `||`, `;`, `|`, `&` and leading
 * assignments; that is what package scripts are made of. Globs and variables stay as they are.
 */
export function shellSegments(script: string): ShellSegment[] {
  const segments: ShellSegment[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let start = 0;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endSegment = (end: number): void => {
    endWord();
    if (words.length > 0) segments.push(segment(script.slice(start, end).trim(), words));
    words = [];
  };
  for (let at = 0; at < script.length; at += 1) {
    const char = script.charAt(at);
    if (char === "'" || char === '"') {
      const close = closingQuote(script, at);
      word = (word ?? '') + unescaped(script.slice(at + 1, close), char);
      at = close;
    } else if (char === '\\') {
      at += 1;
      word = (word ?? '') + script.charAt(at);
    } else if (/[&|;\n]/.test(char)) {
      endSegment(at);
      while (/[&|;\n]/.test(script.charAt(at + 1))) at += 1;
      start = at + 1;
    } else if (/\s/.test(char)) endWord();
    else word = (word ?? '') + char;
  }
  endSegment(script.length);
  return segments;
}

function segment(text: string, words: readonly string[]): ShellSegment {
  const env: Record<string, string> = {};
  let first = 0;
  for (; first < words.length; first += 1) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[first] ?? '') ?? [];
    if (name === undefined) break;
    env[name] = value ?? '';
  }
  return { text, env, words: words.slice(first) };
}

function closingQuote(text: string, open: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\' && quote === '"') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return text.length;
}

function unescaped(text: string, quote: string): string {
  return quote === '"' ? text.replace(/\\(["\\$`])/g, '$1') : text;
}
