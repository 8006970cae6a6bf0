/**
 * Splits a text into tokens and tells which vary by their form alone: numbers, ids, addresses, paths, stamps, quoted values.
 * `shape` is the token with those parts as `<*>`; `values` are what stood there.
 */
export interface Token {
  text: string;
  shape: string;
  values: string[];
}

const MAX_TOKENS = 128;
const VARIABLE =
  /<redacted:[a-z-]+:[0-9a-f]{8}>|https?:\/\/[^\s"'<>)\]]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z?|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])|0x[0-9a-fA-F]+|(?<![\w/.])(?:[A-Za-z]:)?(?:\/[\w.@%:*~+-]+){2,}\/?|(?<![A-Za-z0-9])(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![A-Za-z0-9])|(?<![A-Za-z0-9<])[-+]?\d+(?:[.,:]\d+)*/g;
const WORD = /(?:[^\s"]|"[^"\n]{0,500}")+|"/g;
const QUOTED = /"([^"\n]{1,500})"/g;
const SINGLE_QUOTED = /^'(.{1,500})'([,;.:)]*)$/s;

/** Words are parted by blanks, except within double quotes. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [word] of text.matchAll(WORD)) {
    tokens.push(tokenOf(word));
    if (tokens.length === MAX_TOKENS) break;
  }
  return tokens;
}

function tokenOf(word: string): Token {
  const single = SINGLE_QUOTED.exec(word);
  if (single !== null) return { text: word, shape: `'<*>'${single[2]}`, values: [single[1] ?? ''] };
  if (!/[\d/"]/.test(word)) return { text: word, shape: word, values: [] };
  const values: string[] = [];
  const take = (value: string): string => {
    values.push(value);
    return '<*>';
  };
  if (word.includes('"')) return { text: word, shape: word.replace(QUOTED, (_, value: string) => `"${take(value)}"`), values };
  return { text: word, shape: word.slice(0, 2048).replace(VARIABLE, take), values };
}
