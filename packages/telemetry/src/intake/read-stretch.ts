import type { RejectedInput } from '@selfheal/contracts';
import { isSelfhealError } from '@selfheal/contracts';
import type { Redactor } from '@selfheal/redaction';
import { isContinuation, isErrorHeader, isHeaderUnder, type PlacedLine } from '../extract/join-lines.ts';
import { parseObject } from '../readers/json-line.ts';
import type { ByteSource } from './byte-source.ts';
import type { Encoding } from './encoding.ts';
import { JournalLines, MAX_GIVEN_BACK } from './journal-lines.ts';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import { lineWeight } from './line-weight.ts';
import { unsealLine } from './sealed-line.ts';
import { isSettled } from './settled.ts';

export interface StretchStart {
  path: string;
  encoding: Encoding;
  offset: number;
  line: number;
  /** The name says that the file will not grow. */
  rotated: boolean;
  /** Each line is a sealed one, of a segment of the intake. */
  sealed: boolean;
}

export interface StretchLimits {
  bytes: number;
  maxLineBytes: number;
  signal: AbortSignal;
}

export interface Stretch {
  readonly lines: JournalLines;
  from: number;
  to: number;
  /** Line ends passed, also of lines that were blank or left out. */
  lineCount: number;
  redactions: number;
  rejected: RejectedInput[];
  more: boolean;
}

/** A stretch under way. */
interface OpenStretch extends Stretch {
  /** Of the lines taken; see line-weight.ts. */
  weight: number;
}

interface ReadLine extends SplitLine {
  /** The checksum says that it is not what was written. */
  damaged?: boolean;
}

/** A record of many lines may exceed the budget by this much rather than be cut. */
const SLACK_BYTES = 262_144;
/** The line before these is looked at too. */
const MAX_HELD_LINES = MAX_GIVEN_BACK - 2;
/** Memory bounds a stretch too, not its bytes alone: five megabytes of ordinary lines weigh less than this. */
const MAX_WEIGHT = 8_388_608;
/** A live file's last line that is torn JSON is given this long to be finished. */
const TORN_MS = 60_000;

/** Reads one stretch of a source from `start` up to the budget, ending between two records; redacts as it goes. */
export async function readStretch(source: ByteSource, start: StretchStart, limits: StretchLimits, redactor: Redactor): Promise<Stretch> {
  const stretch: OpenStretch = {
    lines: new JournalLines(),
    from: start.offset,
    to: start.offset,
    lineCount: 0,
    redactions: 0,
    rejected: [],
    more: false,
    weight: 0,
  };
  const splitter = new LineSplitter({ ...start, maxLineBytes: limits.maxLineBytes });
  try {
    for await (const chunk of source.read(start.offset)) {
      limits.signal.throwIfAborted();
      for (const split of splitter.push(chunk)) {
        const line = start.sealed ? unsealed(split) : split;
        if (isFull(stretch, line, limits.bytes)) return { ...stretch, more: true };
        take(stretch, line, start.path, redactor);
      }
    }
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    stretch.rejected.push({ path: start.path, code: error.code, message: error.detail, bytes: source.size });
  }
  await finish(stretch, splitter.finish(), source, start, redactor);
  return stretch;
}

function isFull(stretch: OpenStretch, line: ReadLine, budget: number): boolean {
  const used = stretch.to - stretch.from;
  if (used < budget && stretch.weight < MAX_WEIGHT) return false;
  return used >= budget + SLACK_BYTES || line.text === undefined || !isContinuation(line.text);
}

function take(stretch: OpenStretch, line: ReadLine, path: string, redactor: Redactor): void {
  stretch.to = line.end;
  stretch.lineCount += 1;
  if (line.text === undefined) {
    stretch.rejected.push(leftOut(line, path));
    return;
  }
  stretch.weight += lineWeight(line.text);
  const { text, redactions } = redactor.redact(line.text);
  stretch.redactions += redactions;
  if (text.trim() !== '') stretch.lines.add({ offset: line.offset, line: line.line, text });
}

function leftOut(line: ReadLine, path: string): RejectedInput {
  const bytes = line.end - line.offset;
  const why =
    line.damaged === true
      ? ({ code: 'LOG_CORRUPT', message: `line ${line.line} is not what was written to it; it was left out` } as const)
      : ({ code: 'LOG_LIMIT', message: `line ${line.line} has ${bytes} bytes, more than maxLineBytes; it was left out` } as const);
  return { path, ...why, offset: line.offset, bytes };
}

function unsealed(line: SplitLine): ReadLine {
  if (line.text === undefined) return line;
  const found = unsealLine(line.text);
  return found === undefined ? { ...line, text: undefined, damaged: true } : { ...line, text: found.text };
}

/**
 * What to do with the end of a file: the last line may lack its end mark, the last record its last lines. Of a file that
 * still grows they are left for the next run; of one that does not, nothing is left behind.
 */
async function finish(
  stretch: OpenStretch,
  last: SplitLine | undefined,
  source: ByteSource,
  start: StretchStart,
  redactor: Redactor,
): Promise<void> {
  // Nothing was ever acknowledged of a sealed line without its end mark.
  const tail = start.sealed ? undefined : last;
  const open = tail !== undefined || endsWithinRecord(stretch.lines.newest);
  if (!open) return;
  const settled = start.rotated || source.gzip || (await isSettled(source));
  if (tail !== undefined && isComplete(tail, settled, source, start)) take(stretch, tail, start.path, redactor);
  if (!settled) holdBack(stretch);
}

function isComplete(line: SplitLine, settled: boolean, source: ByteSource, start: StretchStart): boolean {
  if (!line.text?.startsWith('{')) return settled;
  return start.rotated || source.gzip || parseObject(line.text) !== undefined || Date.now() - source.modifiedMs > TORN_MS;
}

function endsWithinRecord(lines: readonly PlacedLine[]): boolean {
  const text = lines.at(-1)?.text;
  return text !== undefined && (isContinuation(text) || isErrorHeader(text));
}

/** Gives the lines of a record that may go on back to the file. */
function holdBack(stretch: Stretch): void {
  const lines = stretch.lines.newest;
  if (!endsWithinRecord(lines)) return;
  let at = lines.length - 1;
  while (at > 0 && lines.length - at < MAX_HELD_LINES && isContinuation(lines[at]?.text ?? '')) at -= 1;
  if (isHeaderUnder(lines[at]?.text ?? '', lines[at - 1]?.text ?? '')) at -= 1;
  const first = lines[at];
  if (first === undefined || at === 0) return;
  const lastLine = lines.at(-1)?.line ?? first.line;
  stretch.lineCount -= lastLine - first.line + 1;
  stretch.lines.giveBack(lines.length - at);
  stretch.to = first.offset;
}
