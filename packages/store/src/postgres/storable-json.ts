/**
 * PostgreSQL stores any JSON text in a `json` column, but fails to look into one that holds a NUL character or half a surrogate
 * pair, wherever in the text. Production data has both, and a record must come back as it was. So these are kept behind a mark:
 * U+F8FE, of a private use area, then `e` for the mark itself, or four hexadecimal digits.
 */
const MARK = '\uf8fe';

const TO_MARK = /\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)|\uf8fe/g;
const MARKED = /\uf8fe(e|[0-9a-f]{4})/g;

/** JSON text as JSON.stringify writes it (escapes in lower case, whole surrogate pairs unescaped) to text that can be searched. */
export function storableJson(text: string): string {
  return text.replace(TO_MARK, (found: string, code: string | undefined) => {
    if (found === MARK) return `${MARK}e`;
    return code === undefined ? found : `${MARK}${code}`;
  });
}

/** The text that `storableJson` was given. */
export function originalJson(stored: string): string {
  return stored.replace(MARKED, (_found, code: string) => (code === 'e' ? MARK : `\\u${code}`));
}
