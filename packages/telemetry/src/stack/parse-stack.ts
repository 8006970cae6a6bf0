/** One frame as it stands in a stack: not yet mapped. */
export interface ParsedFrame {
  function?: string;
  file: string;
  line: number;
  column?: number;
}

export interface ParsedError {
  type: string;
  message: string;
  code?: string;
  frames: ParsedFrame[];
  cause?: ParsedError;
}

const HEADER =
  /^(?:(?:Uncaught|Unhandled|\(in promise\)|\[cause\]:|Caused by:|caused by:)\s*(?:\(in promise\)\s*)?)*((?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Rejection)|[A-Z][\w$]*(?:Failure|Fault|Refused|Timeout))(?: \[([\w.-]{1,80})\])?(?:: (.*)|:?$)/s;
const CAUSE_LINE = /^\s*(?:\[cause\]:|Caused by:|caused by:)\s*(.*)$/;
/** What V8 puts before a function that hangs on a plain object or module: no part of its name. */
const OWNER = /^(?:Object|Module|exports|module\.exports|globalThis|global)\.(?=[A-Za-z_$])/;
const MAX_FRAMES = 64;
const MAX_LINE = 2048;
const MAX_MESSAGE = 4096;

/**
 * Reads a V8 (or Firefox, Safari) stack: header, message of one or more lines, frames, chained causes. Hand-written scanning,
 * since the lines are hostile: no pattern here takes more than linear time.
 */
export function parseStack(stack: string): ParsedError | undefined {
  const lines = stack.split('\n');
  const cut = lines.findIndex((line, index) => index > 0 && CAUSE_LINE.test(line.slice(0, MAX_LINE)));
  const own = cut < 0 ? lines : lines.slice(0, cut);
  const firstFrame = own.findIndex((line) => parseFrameLine(line) !== undefined);
  const head = (firstFrame < 0 ? own : own.slice(0, firstFrame)).join('\n').trim();
  const frames = firstFrame < 0 ? [] : framesOf(own.slice(firstFrame));
  const header = findHeader(head);
  if (header === undefined && frames.length === 0) return undefined;
  const cause = cut < 0 ? undefined : parseCause(lines.slice(cut));
  return { ...(header ?? { type: 'Error', message: head.slice(0, MAX_MESSAGE) }), frames, ...(cause === undefined ? {} : { cause }) };
}

/** Frames of a text, in order; other lines are skipped. */
export function framesOf(lines: readonly string[]): ParsedFrame[] {
  const frames: ParsedFrame[] = [];
  for (const line of lines) {
    const frame = parseFrameLine(line);
    if (frame !== undefined) frames.push(frame);
    if (frames.length >= MAX_FRAMES) break;
  }
  return frames;
}

/** `at fn (file:1:2)`, `at async fn (..)`, `at new Foo (..)`, `at file:1:2`, `at eval (eval at f (file:1:2), <anonymous>:3:4)`, `fn@file:1:2`. */
export function parseFrameLine(line: string): ParsedFrame | undefined {
  if (line.length > MAX_LINE) return undefined;
  // Node prints an error's own properties in braces behind its last frame.
  const text = line.trim().replace(/ \{$/, '');
  if (text.startsWith('at ')) return parseV8(text.slice(3).trim());
  const at = text.indexOf('@');
  if (at < 0 || text.includes(' ')) return undefined;
  const location = parseLocation(text.slice(at + 1));
  return location === undefined || location.column === undefined ? undefined : named(text.slice(0, at), location);
}

function parseV8(text: string): ParsedFrame | undefined {
  const rest = text.startsWith('async ') ? text.slice(6) : text;
  if (!rest.endsWith(')')) {
    const location = parseLocation(rest);
    return location === undefined ? undefined : named('', location);
  }
  const open = matchingParenthesis(rest);
  if (open < 0) return undefined;
  const inside = rest.slice(open + 1, -1);
  const location = inside.startsWith('eval at ') ? parseEval(inside) : parseLocation(inside);
  return named(rest.slice(0, open).trim(), location ?? { file: inside, line: 0 });
}

/** The place that called `eval` is the one in a file. */
function parseEval(inside: string): ParsedFrame | undefined {
  const innermost = inside.lastIndexOf('(');
  const close = inside.indexOf(')', innermost);
  return innermost < 0 || close < 0 ? undefined : parseLocation(inside.slice(innermost + 1, close));
}

function named(name: string, frame: ParsedFrame): ParsedFrame {
  const plain = name
    .replace(/^(?:async|new) /, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(OWNER, '');
  if (plain === '' || plain === '<anonymous>' || plain === 'Object.<anonymous>' || plain === 'eval') return frame;
  return { function: plain.slice(0, 200), ...frame };
}

/** `file:line:column` or `file:line`, read from the end since files hold colons too. */
function parseLocation(text: string): ParsedFrame | undefined {
  const last = takeNumber(text);
  if (last === undefined) return undefined;
  const before = takeNumber(last.rest);
  if (before === undefined) return last.rest === '' ? undefined : { file: last.rest, line: last.number };
  return before.rest === '' ? undefined : { file: before.rest, line: before.number, column: last.number };
}

function takeNumber(text: string): { rest: string; number: number } | undefined {
  const colon = text.lastIndexOf(':');
  const digits = text.slice(colon + 1);
  if (colon < 0 || digits === '' || digits.length > 9 || !/^\d+$/.test(digits)) return undefined;
  return { rest: text.slice(0, colon), number: Number(digits) };
}

function matchingParenthesis(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === ')') depth += 1;
    else if (text[at] === '(') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** The header may stand behind words of the log line: `Request failed: TypeError: x`. */
export function findHeader(head: string): { type: string; message: string; code?: string } | undefined {
  const text = head.slice(0, MAX_MESSAGE);
  const match = HEADER.exec(text) ?? HEADER.exec(text.slice(embeddedHeader(text)));
  if (match?.[1] === undefined) return undefined;
  const message = (match[3] ?? '').trim();
  return { type: match[1], message, ...(match[2] === undefined ? {} : { code: match[2] }) };
}

function embeddedHeader(text: string): number {
  const match = /(?<![\w$.])(?:[A-Za-z_$][\w$.]{0,80})?(?:Error|Exception)(?: \[[\w.-]{1,80}\])?: /.exec(text);
  return match === null ? text.length : match.index;
}

function parseCause(lines: readonly string[]): ParsedError | undefined {
  const first = CAUSE_LINE.exec((lines[0] ?? '').slice(0, MAX_LINE));
  return first === null ? undefined : parseStack([first[1] ?? '', ...lines.slice(1)].join('\n'));
}
