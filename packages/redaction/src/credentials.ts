import { looksRandom } from './entropy.ts';
import { PLACEHOLDER } from './placeholder.ts';
import type { SecretSpan } from './secret-span.ts';

/** Behind `://`: user, and what stands up to the last `@` before the host ends. */
const USER = /[^\s:@/"'<>\\?#]{0,256}/y;
const PASSWORD = /:([^\s"'<>\\]{1,512})@/y;
const SCHEME = /(?:bearer|basic|digest|token|apikey|negotiate|ntlm)[ \t]{1,3}["']?([A-Za-z0-9+/_.~-]{8,4096}={0,2})/iy;
const USER_OPTION = /(?:-u ?|--user[ =])["']?[^\s:"']{1,100}:([^\s"']{3,200})/iy;

/** The password of a URL (`postgres://shop:secret@db`), or the token that stands in its user's place. */
export function credentialsAt(line: string, _start: number, end: number): SecretSpan[] {
  USER.lastIndex = end;
  const user = USER.exec(line)?.[0] ?? '';
  const at = end + user.length;
  if (line[at] === '@') return looksRandom(user) ? [{ start: end, end: at, kind: 'token', quote: false }] : [];
  PASSWORD.lastIndex = at;
  const password = PASSWORD.exec(line)?.[1];
  if (password === undefined || PLACEHOLDER.test(password)) return [];
  // `host:8080/path@2x.png`: a port, not a password.
  if (/^\d{1,5}(?:[/?#]|$)/.test(password) && /[/?#]/.test(password)) return [];
  const length = password.includes('/') ? hostBegins(password) : password.length;
  return length === 0 ? [] : [{ start: at + 1, end: at + 1 + length, kind: 'password', quote: false }];
}

/** Where a later URL or path holds an `@` too, the password ends at the first. */
function hostBegins(password: string): number {
  const first = password.indexOf('@');
  return first < 0 ? password.length : first;
}

/** `Bearer abc...`. Words after a scheme's name ("Basic authentication", "Token expired") are no credentials. */
export function authorizationAt(line: string, start: number): SecretSpan[] {
  if (/\w/.test(line[start - 1] ?? '')) return [];
  SCHEME.lastIndex = start;
  const match = SCHEME.exec(line);
  const secret = match?.[1];
  if (match === null || secret === undefined || !isCredential(match[0], secret)) return [];
  const end = start + match[0].length;
  return [{ start: end - secret.length, end, kind: 'auth', quote: false }];
}

function isCredential(scheme: string, secret: string): boolean {
  if (/^basic/i.test(scheme)) {
    const decoded = Buffer.from(secret, 'base64').toString('latin1');
    return /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(decoded);
  }
  return /\d/.test(secret) && (secret.length >= 16 || /[A-Z]/.test(secret));
}

/** `curl -u user:password`. */
export function userOptionAt(line: string, start: number): SecretSpan[] {
  if (start > 0 && !/\s/.test(line[start - 1] ?? '')) return [];
  USER_OPTION.lastIndex = start;
  const match = USER_OPTION.exec(line);
  const password = match?.[1];
  if (match === null || password === undefined || PLACEHOLDER.test(password)) return [];
  const end = start + match[0].length;
  return [{ start: end - password.length, end, kind: 'password', quote: false }];
}
