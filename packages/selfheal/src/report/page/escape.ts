const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that are not seen but change what is: control characters, and marks that turn the direction of text. */
const UNSEEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text of telemetry as text of a page: never markup, never hidden. Unseen characters are written out (`\\u202e`). */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** As above for a terminal. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSEEN, (character) =>
      character === '\n' || character === '\t' ? ' ' : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );
}
