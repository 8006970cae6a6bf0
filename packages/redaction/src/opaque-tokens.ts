import { bitsPerCharacter } from './entropy.ts';
import type { SecretSpan } from './secret-span.ts';

const SHORTEST = 24;
const BODY = 30;
const LONGEST = 1024;
/** 1 for characters of a run: letters, digits, `_` and `-`. */
const RUN = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9_-]/.test(String.fromCharCode(code)) ? 1 : 0));
/** A user's id in base64 begins so; a dot, a stamp, a dot, a signature. */
const DISCORD = /[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/y;
const VAULT = /[sbr]\.(?=(?:[A-Za-z]*\d){2})[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]{5})?(?![A-Za-z0-9_-])/y;
/** What issuers put in front of a random body: `glx_`, `acme_live_`, `tok-v2-`. */
const PREFIXED = /^[A-Za-z][A-Za-z0-9]{1,11}(?:[_-][A-Za-z][A-Za-z0-9]{0,9}){0,3}[_-](?=[A-Za-z0-9]{30})/;

/**
 * Long tokens without a literal of their own: those of a form that only punctuation shows, and issued ones of any provider, which begin
 * with a short prefix and go on at random. Looks at every 24th character and reads on only where a run as long as that can lie.
 */
export function opaqueTokens(line: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (let at = SHORTEST - 1; at < line.length; ) {
    let start = at;
    while (start > at - SHORTEST && isRun(line, start)) start -= 1;
    if (start > at - SHORTEST) {
      at = start + SHORTEST;
      continue;
    }
    start += 1;
    let end = at + 1;
    while (end < line.length && isRun(line, end)) end += 1;
    const found = tokenOfRun(line, start, end);
    if (found !== undefined) spans.push(found);
    at = Math.max(end, found?.end ?? 0) + SHORTEST;
  }
  return spans;
}

/** Whether the character at a place may stand within a token. */
export function isRun(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code < 128 && RUN[code] === 1;
}

function tokenOfRun(line: string, start: number, end: number): SecretSpan | undefined {
  const match = matchAt(DISCORD, line, start) ?? (line[start - 1] === '.' && start >= 2 ? matchAt(VAULT, line, start - 2) : undefined);
  if (match !== undefined) return { ...match, kind: 'token', quote: false };
  if (end - start < BODY || end - start > LONGEST) return undefined;
  const text = line.slice(start, end);
  const prefix = PREFIXED.exec(text)?.[0];
  return prefix !== undefined && isIssued(text.slice(prefix.length)) ? { start, end, kind: 'token', quote: false } : undefined;
}

function matchAt(pattern: RegExp, line: string, start: number): { start: number; end: number } | undefined {
  pattern.lastIndex = start;
  const match = pattern.exec(line);
  return match === null ? undefined : { start, end: start + match[0].length };
}

/** Letters of both cases and digits, each in many places: no name, no hash, no number. */
function isIssued(body: string): boolean {
  const digits = body.match(/[A-Za-z]\d/g)?.length ?? 0;
  const humps = body.match(/[a-z][A-Z]|[A-Z][a-z]/g)?.length ?? 0;
  return digits >= 3 && humps >= 4 && /^[A-Za-z0-9_-]+$/.test(body) && bitsPerCharacter(body.slice(0, 256)) >= 3.8;
}
