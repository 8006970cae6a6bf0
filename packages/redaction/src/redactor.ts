import type { Placeholders } from './placeholder.ts';
import { PrivateKeyLines } from './private-keys.ts';
import { sanitise } from './sanitise.ts';
import { SecretSearch } from './secret-search.ts';

export interface Redacted {
  text: string;
  redactions: number;
}

/**
 * Cleans the lines of one source before anything of them is stored: invisible characters out, secrets replaced by keyed
 * placeholders. One pass over the line tells where a secret may stand; rules are tried there alone, each a bounded number of characters
 * wide, so the time is linear in the line. A JSON line stays JSON. Keeps state for private keys over many lines.
 */
export class Redactor {
  readonly #placeholders: Placeholders;
  readonly #search = new SecretSearch();
  readonly #keyLines = new PrivateKeyLines();

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  redact(raw: string): Redacted {
    const seen = this.#search.look(raw);
    const text = seen.mayHide ? sanitise(raw) : raw;
    if (this.#keyLines.covers(text)) return { text: this.#placeholders.of('private-key', text), redactions: 1 };
    if (text !== raw) this.#search.look(text);
    const spans = this.#search.secrets(text);
    if (spans.length === 0) return { text, redactions: 0 };
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, kind, quote } of spans) {
      if (kind === 'private-key') this.#keyLines.begin(text.slice(start, end));
      const placeholder = this.#placeholders.of(kind, text.slice(start, end));
      parts.push(text.slice(at, start), quote ? `"${placeholder}"` : placeholder);
      at = end;
    }
    parts.push(text.slice(at));
    return { text: parts.join(''), redactions: spans.length };
  }
}
