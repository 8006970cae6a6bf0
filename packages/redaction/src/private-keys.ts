const NAME = '(?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|SSH2 ENCRYPTED PRIVATE KEY)';
const WHOLE = new RegExp(
  `-{4,5} ?BEGIN ${NAME} ?-{4,5}((?:[A-Za-z0-9+/=\\s\\\\.,:()"_]|-(?!-)){0,16384})(?:-{4,5} ?END ${NAME} ?-{4,5}|$)?`,
  'y',
);
const ENDS = new RegExp(`-{4,5} ?END ${NAME} ?-{4,5}`);
const BODY = /^[\sA-Za-z0-9+/=:,.-]*$/;
const MAX_LINES = 200;

/** The body of the private key that begins at a place of a line, with its end mark where that is there. */
export function privateKeyAt(line: string, at: number): { start: number; end: number } | undefined {
  WHOLE.lastIndex = at;
  const match = WHOLE.exec(line);
  return match === null ? undefined : { start: at, end: at + match[0].length };
}

/** Follows a private key over the lines of a source. */
export class PrivateKeyLines {
  #lines = 0;

  /** A key was found on a line: unless its end is there too, the next lines belong to it. */
  begin(text: string): void {
    this.#lines = ENDS.test(text) ? 0 : 1;
  }

  /** Whether the line is part of the key that is under way. */
  covers(line: string): boolean {
    if (this.#lines === 0) return false;
    const last = ENDS.test(line) || this.#lines >= MAX_LINES;
    this.#lines = last || !BODY.test(line) ? 0 : this.#lines + 1;
    return BODY.test(line);
  }
}
