import { ALNUM, BLANK, classes, DIGIT, OPENER } from './char-class.ts';
import { KINDS, type Kind, Recogniser } from './recognise.ts';

const MAX_TOKENS = 256;
const MAX_VARIABLES = 1024;
const MAX_QUOTED = 500;
const MARK = 0x9e3779b1;
/** What a secret was replaced by begins so; behind it stand the secret's kind and the hash that varies. */
const REDACTED = '<redacted:';

/**
 * One pass over the code units of a text: parts it into tokens at blanks (not within double quotes), finds the variables within and
 * hashes what remains. `key` is the hash of the text's shape, equal for texts that differ in typed variables and widths of blanks
 * only. Nothing is allocated per text: all results lie in the fields, and hold until the next `scan`.
 */
export class Scanner {
  key = 0;
  tokens = 0;
  variables = 0;
  readonly tokenStart = new Int32Array(MAX_TOKENS + 1);
  readonly tokenEnd = new Int32Array(MAX_TOKENS + 1);
  readonly variableStart = new Int32Array(MAX_VARIABLES);
  readonly variableEnd = new Int32Array(MAX_VARIABLES);
  readonly #kinds = new Uint8Array(MAX_VARIABLES);
  readonly #recogniser = new Recogniser();
  #wordEnd = 0;

  kindOf(variable: number): Kind {
    return KINDS[this.#kinds[variable] ?? 0] ?? 'number';
  }

  scan(text: string): void {
    const length = text.length;
    let high = 0x811c9dc5;
    let low = 0x1b873593;
    let at = 0;
    let tokens = 0;
    let quoteEnd = -1;
    this.variables = 0;
    while (at < length) {
      while (((classes[text.charCodeAt(at)] ?? 0) & BLANK) !== 0) at += 1;
      if (at >= length) break;
      if (tokens === MAX_TOKENS) break;
      this.tokenStart[tokens] = at;
      while (at < length) {
        const code = text.charCodeAt(at);
        const kind = classes[code] ?? 0;
        if ((kind & BLANK) !== 0 && at > quoteEnd) break;
        let stop = at + 1;
        let found = 0;
        if ((kind & ALNUM) !== 0) {
          found = this.#run(text, at, kind);
          stop = this.#wordEnd;
        } else if (code === 34 && at > quoteEnd) {
          const close = text.indexOf('"', at + 1);
          if (close > 0 && close - at <= MAX_QUOTED) quoteEnd = close;
        } else if (code === 45 || code === 43) found = this.#signed(text, at);
        else if (code === 60 && text.startsWith(REDACTED, at)) found = this.#recogniser.atPlaceholder(text, at + REDACTED.length);
        else if (code === 47 && (at === 0 || ((classes[text.charCodeAt(at - 1)] ?? 0) & OPENER) !== 0)) {
          found = this.#recogniser.atSlash(text, at);
        }
        if (found > 0) stop = this.#recogniser.start;
        for (; at < stop; at += 1) {
          const unit = text.charCodeAt(at);
          high = Math.imul(high ^ unit, 0x01000193);
          low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 15);
        }
        if (found === 0) continue;
        this.#add(found);
        high = Math.imul(high ^ MARK, 0x01000193);
        low = Math.imul(low ^ MARK, 0x85ebca6b) ^ (low >>> 15);
        at = found;
      }
      this.tokenEnd[tokens] = at;
      tokens += 1;
      high = Math.imul(high ^ 32, 0x01000193);
      low = Math.imul(low ^ 32, 0x85ebca6b) ^ (low >>> 15);
    }
    this.tokens = tokens;
    this.key = (high >>> 0) * 0x200000 + (low >>> 11);
  }

  /** The end of a variable in a run of letters and digits, or 0: then `#wordEnd` is the run's end. */
  #run(text: string, at: number, first: number): number {
    const recogniser = this.#recogniser;
    if ((first & DIGIT) !== 0) return recogniser.atDigit(text, at);
    let end = at + 1;
    let digit = 0;
    for (;;) {
      const kind = classes[text.charCodeAt(end)] ?? 0;
      if ((kind & ALNUM) === 0) break;
      if (digit === 0 && (kind & DIGIT) !== 0) digit = end;
      end += 1;
    }
    this.#wordEnd = end;
    const behind = text.charCodeAt(end);
    if (behind === 58) {
      const found = this.#beforeColon(text, at, end);
      if (found > 0) return found;
    } else if (behind === 45 || behind === 46 || behind === 47) {
      const before = at === 0 ? 32 : text.charCodeAt(at - 1);
      // Not behind a hyphen: the name was looked at from its beginning.
      const found = before !== 45 && ((classes[before] ?? 0) & OPENER) !== 0 ? recogniser.atName(text, at, end) : 0;
      if (found > 0) return found;
    } else if (digit === 0 && end - at === 3 && ((classes[behind] ?? 0) & BLANK) !== 0) return recogniser.atCalendar(text, at);
    return digit === 0 ? 0 : recogniser.atWord(text, at, end, digit);
  }

  /** `scheme://rest`, `C:\path`, `FF:F2:9F:16`. */
  #beforeColon(text: string, at: number, end: number): number {
    const next = text.charCodeAt(end + 1);
    if (next === 47 && text.charCodeAt(end + 2) === 47) return this.#recogniser.atAuthority(text, end + 3);
    if (next === 92 && end - at === 1) return this.#recogniser.atDrive(text, at);
    return end - at <= 4 ? this.#recogniser.atColon(text, at) : 0;
  }

  /** A number with its sign. A sign belongs to it where a value begins: `a-1` is no negative number. */
  #signed(text: string, at: number): number {
    if (((classes[text.charCodeAt(at + 1)] ?? 0) & DIGIT) === 0) return 0;
    const before = at === 0 ? 32 : text.charCodeAt(at - 1);
    if (before !== 95 && (((classes[before] ?? 0) & OPENER) === 0 || before === text.charCodeAt(at))) return 0;
    const end = this.#recogniser.atDigit(text, at + 1);
    this.#recogniser.start = at;
    return end;
  }

  #add(end: number): void {
    if (this.variables >= MAX_VARIABLES) return;
    this.variableStart[this.variables] = this.#recogniser.start;
    this.variableEnd[this.variables] = end;
    this.#kinds[this.variables] = this.#recogniser.kind;
    this.variables += 1;
  }
}
