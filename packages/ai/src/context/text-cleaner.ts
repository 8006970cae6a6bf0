import { type Placeholders, Redactor } from '@selfheal/redaction';

const MAX_LINE = 2_000;

/**
 * Makes text from outside fit to be shown: control and invisible characters out, secrets replaced, long lines cut. `secrets` are values
 * known to be secret (the keys of the models), which are replaced wherever they stand.
 */
export class TextCleaner {
  readonly #redactor: Redactor;
  readonly #placeholders: Placeholders;
  readonly #secrets: readonly string[];
  #redactions = 0;

  constructor(placeholders: Placeholders, secrets: readonly string[]) {
    this.#redactor = new Redactor(placeholders);
    this.#placeholders = placeholders;
    this.#secrets = secrets.filter((secret) => secret.length > 0).toSorted((a, b) => b.length - a.length);
  }

  /** Secrets replaced so far. */
  get redactions(): number {
    return this.#redactions;
  }

  line(raw: string): string {
    const { text, redactions } = this.#redactor.redact(this.#withoutKnown(raw.toWellFormed()));
    this.#redactions += redactions;
    return text.length <= MAX_LINE ? text : `${text.slice(0, MAX_LINE)}… (${text.length - MAX_LINE} more characters)`;
  }

  text(raw: string): string {
    return raw
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map((line) => this.line(line))
      .join('\n');
  }

  #withoutKnown(raw: string): string {
    let text = raw;
    for (const secret of this.#secrets) {
      if (!text.includes(secret)) continue;
      text = text.replaceAll(secret, this.#placeholders.of('api-key', secret));
      this.#redactions += 1;
    }
    return text;
  }
}
