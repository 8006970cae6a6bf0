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
  /<redacted:[a-z-]+:[0-9a-f]{8}>|https?:\/\/[^\s"'<>)\]]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z?|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])|0x[0-9a-fA-F]+|(?<![\w/.])(?:[A-Za-z]:)?(?:\/[\w.@%:*~+-]+){2,}\/?|(?<![A-Za-z0-9])(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![A-Za-z0-9])|(?<![A-Za-z<])[-+]?\d+(?:[.,:]\d+)*/g;
const QUOTED_WORD = /^(["'])(.{1,500})\1([,;.:)]*)$/s;

export function tokenise(text: string): Token[] {
  const words = text.split(/\s+/, MAX_TOKENS + 1).filter((word) => word !== '');
  if (words.length > MAX_TOKENS) words.length = MAX_TOKENS;
  return words.map(tokenOf);
}

function tokenOf(word: string): Token {
  const quoted = QUOTED_WORD.exec(word);
  if (quoted !== null) return { text: word, shape: `${quoted[1]}<*>${quoted[1]}${quoted[3]}`, values: [quoted[2] ?? ''] };
  if (!/[\d/]/.test(word)) return { text: word, shape: word, values: [] };
  const values: string[] = [];
  const shape = word.slice(0, 2048).replace(VARIABLE, (value) => {
    values.push(value);
    return '<*>';
  });
  return { text: word, shape, values };
}
