import { secretValues } from './key-values.ts';
import { PLACEHOLDER, type Placeholders } from './placeholder.ts';
import { sanitise } from './sanitise.ts';
import { keyHint } from './sensitive-keys.ts';
import { tokenHint, tokenShapes } from './token-shapes.ts';

export interface Redacted {
  text: string;
  redactions: number;
}

const CREDENTIALS_IN_URL = /:\/\/([^\s:@/"'<>\\]{0,128}):([^\s@/"'<>\\]{1,256})@/g;
const AUTH_SCHEME = /\b(Bearer|Basic|Digest|Token|ApiKey)\s+([A-Za-z0-9+/_.~-]{8,4096}={0,2})/g;
const AUTH_HINT = /\b(?:Bearer|Basic|Digest|Token|ApiKey)\s/;
const PRIVATE_KEY =
  /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----((?:[A-Za-z0-9+/=\s\\.,:()]|-(?!-)){0,16384})(?:-----END \1-----|$)/g;
const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const MAX_KEY_LINES = 200;

/**
 * Cleans the lines of one source before anything of them is stored: invisible characters out, secrets replaced by keyed
 * placeholders. One pass of linear time a rule; a JSON line stays JSON. Keeps state for private keys over many lines.
 */
export class Redactor {
  readonly #placeholders: Placeholders;
  #keyLines = 0;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  redact(raw: string): Redacted {
    const line = sanitise(raw);
    if (this.#keyLines > 0) return this.#insideKey(line);
    let count = 0;
    const replace = (kind: string, secret: string): string => {
      count += 1;
      return this.#placeholders.of(kind, secret);
    };
    let text = line;
    if (text.includes('-----BEGIN')) {
      if (KEY_BEGINS.test(text) && !KEY_ENDS.test(text)) this.#keyLines = 1;
      text = text.replace(PRIVATE_KEY, (_, __, body: string) => replace('private-key', body));
    }
    if (tokenHint.test(text)) text = text.replace(tokenShapes, (token) => replace('token', token));
    if (text.includes('://')) {
      text = text.replace(CREDENTIALS_IN_URL, (whole, user: string, password: string) =>
        PLACEHOLDER.test(password) ? whole : `://${user}:${replace('password', password)}@`,
      );
    }
    keyHint.lastIndex = 0;
    if (keyHint.test(text)) {
      text = replaceSpans(text, replace);
    }
    if (AUTH_HINT.test(text)) {
      text = text.replace(AUTH_SCHEME, (whole, scheme: string, secret: string) =>
        isCredential(scheme, secret) ? `${scheme} ${replace('auth', secret)}` : whole,
      );
    }
    return { text, redactions: count };
  }

  #insideKey(line: string): Redacted {
    this.#keyLines = KEY_ENDS.test(line) || this.#keyLines >= MAX_KEY_LINES ? 0 : this.#keyLines + 1;
    const isBody = /^[\sA-Za-z0-9+/=:,.-]*$/.test(line);
    if (!isBody) {
      this.#keyLines = 0;
      return this.redact(line);
    }
    return { text: this.#placeholders.of('private-key', line), redactions: 1 };
  }
}

function replaceSpans(text: string, replace: (kind: string, secret: string) => string): string {
  const spans = secretValues(text);
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, kind, quote } of spans) {
    const placeholder = replace(kind, text.slice(start, end));
    parts.push(text.slice(at, start), quote ? `"${placeholder}"` : placeholder);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Words after a scheme's name ("Basic authentication", "Token expired") are no credentials. */
function isCredential(scheme: string, secret: string): boolean {
  if (scheme === 'Basic') {
    const decoded = Buffer.from(secret, 'base64').toString('latin1');
    return /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(decoded);
  }
  return /\d/.test(secret) && (secret.length >= 16 || /[A-Z]/.test(secret));
}
