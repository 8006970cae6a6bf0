/** A line of the journal: its place in the source and its redacted text. */
export interface PlacedLine {
  /** Byte offset of the line's start in the (inflated) source. */
  offset: number;
  /** Number from 1. */
  line: number;
  text: string;
}

export interface JoinedRecord extends PlacedLine {
  /** The lines behind the first that belong to the same record: stack frames, causes, indented detail. */
  rest: string[];
}

const FRAME = /^\s*at\s+(?:async\s+|new\s+)?(?:\S.*)?[(:]/;
const CAUSE = /^\s*(?:Caused by:|\[cause\]:|\[errors\]:|caused by:|\.{3} \d+ (?:more|lines matching))/;
const CLOSING = /^\s*[}\])]+[,;]?\s*$/;
/** `TypeError: x`, `Error [CODE]: x`, `Uncaught ReferenceError: x`, `PaymentError` alone. */
const HEADER = /^(?:Uncaught |Unhandled )?(?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Rejection)(?: \[[^\]]{1,80}\])?(?::|$)/;
/** Of a JSON record, which is none of the above. */
const OPENING_BRACE = 123;
const MAX_LINES = 500;
const MAX_CHARS = 262_144;

/**
 * Joins the lines of one record: a stack under its header, `Caused by`, indented continuation. `starts` tells whether a
 * line is one that a specific format recognises, which always begins a record (a log with indented wording stays apart).
 */
export function* joinLines(lines: Iterable<PlacedLine>, starts: (text: string) => boolean): Generator<JoinedRecord> {
  let open: JoinedRecord | undefined;
  let chars = 0;
  for (const line of lines) {
    if (open !== undefined && continues(line.text, open, starts) && open.rest.length < MAX_LINES && chars + line.text.length < MAX_CHARS) {
      open.rest.push(line.text);
      chars += line.text.length;
      continue;
    }
    if (open !== undefined) yield open;
    open = { offset: line.offset, line: line.line, text: line.text, rest: [] };
    chars = line.text.length;
  }
  if (open !== undefined) yield open;
}

/** Whether a line can only be understood together with the ones before it. Intake does not cut a stretch in front of such a line. */
export function isContinuation(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === OPENING_BRACE) return false;
  return FRAME.test(text.slice(0, 1024)) || CAUSE.test(text) || CLOSING.test(text) || ((first === 32 || first === 9) && text.trim() !== '');
}

export function isErrorHeader(text: string): boolean {
  return HEADER.test(text.slice(0, 512));
}

/** Whether a line is the header of the error that the line before it reports: `ERROR request failed`, then `TypeError: ...`. */
export function isHeaderUnder(text: string, before: string): boolean {
  return isErrorHeader(text) && !isErrorHeader(before) && reportsError(before);
}

function continues(text: string, open: JoinedRecord, starts: (text: string) => boolean): boolean {
  if (text.charCodeAt(0) === OPENING_BRACE) return false;
  if (open.text.startsWith('{') && open.rest.length === 0 && !FRAME.test(text.slice(0, 1024))) return false;
  if (FRAME.test(text.slice(0, 1024)) || CAUSE.test(text)) return true;
  const indented = text.startsWith(' ') || text.startsWith('\t');
  if (indented) return !starts(text);
  if (CLOSING.test(text)) return open.rest.length > 0;
  return open.rest.length === 0 && isHeaderUnder(text, open.text);
}

function reportsError(text: string): boolean {
  return /\b(?:ERROR|error|ERR|FATAL|fatal|Unhandled|Uncaught|WARN|warn)\b/.test(text.slice(0, 300)) && !text.startsWith('{');
}
