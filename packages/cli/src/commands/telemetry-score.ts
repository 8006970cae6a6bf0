import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SelfhealError } from '@selfheal/contracts';
import { ALARM_SCORE, printable, type ScoredRow, scoreSeries } from 'selfheal';
import { figure } from '../output/figures.ts';
import { styleOf } from '../output/style.ts';
import type { Terminal } from '../terminal.ts';
import { STANDARD_INPUT } from './options.ts';

const MAX_SHOWN = 20;
/** Rows of a file are written in pieces of about this many characters; those of standard input as they come, for it may be live. */
const PIECE = 65_536;

/** What the rows came to, for people. */
interface Summary {
  rows: number;
  missing: number;
  alarms: number;
  readonly shown: ScoredRow[];
}

/** `selfheal telemetry score`: an anomaly score for each row of a series, as CSV on standard output or in a file. */
export async function telemetryScoreCommand(terminal: Terminal, source: string, { csv = '-' }: { csv?: string }): Promise<void> {
  const summary: Summary = { rows: 0, missing: 0, alarms: 0, shown: [] };
  const isLive = source === STANDARD_INPUT;
  const scored = scoreSeries(openSource(terminal, source), isLive ? 'standard input' : source);
  const rows = csvOf(scored, summary, isLive ? 0 : PIECE);
  if (csv === '-') {
    await write(rows, terminal.stdout, terminal.signal, false);
    return;
  }
  await writeFileWhole(resolve(csv), (out) => write(rows, out, terminal.signal, true));
  printSummary(terminal, summary, csv);
}

async function* openSource(terminal: Terminal, source: string): AsyncGenerator<Uint8Array> {
  if (source === STANDARD_INPUT) {
    yield* terminal.stdin;
    return;
  }
  try {
    yield* createReadStream(source);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new SelfhealError('LOG_UNREADABLE', detail, { where: { path: source }, cause: error });
  }
}

async function* csvOf(rows: AsyncIterable<ScoredRow>, summary: Summary, least: number): AsyncGenerator<string> {
  let piece = 'timestamp,value,anomaly_score\n';
  for await (const row of rows) {
    count(summary, row);
    piece += `${field(row.timestamp)},${row.text},${row.score.score}\n`;
    if (piece.length < least) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function count(summary: Summary, row: ScoredRow): void {
  summary.rows += 1;
  if (Number.isNaN(row.value)) summary.missing += 1;
  if (row.score.score < ALARM_SCORE) return;
  summary.alarms += 1;
  if (summary.shown.length < MAX_SHOWN) summary.shown.push(row);
}

function field(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function write(pieces: AsyncIterable<string>, out: NodeJS.WritableStream, signal: AbortSignal, end: boolean): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), out, { signal, end });
  } catch (error) {
    // `selfheal telemetry score FILE | head`: the reader has seen enough.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

/** Whole or not at all. */
async function writeFileWhole(path: string, fill: (out: Writable) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.part`;
  try {
    await fill((await open(draft, 'w')).createWriteStream());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function printSummary(terminal: Terminal, { rows, missing, alarms, shown }: Summary, csv: string): void {
  const style = styleOf(terminal);
  const out = (text: string) => terminal.stdout.write(`${text}\n`);
  out(style.bold(`${rows} rows${missing === 0 ? '' : ` (${missing} without a value)`}, ${alarms} with a score of ${ALARM_SCORE} or more`));
  for (const { timestamp, value, score } of shown) {
    const usual = `expected ${figure(score.expected)} (${figure(score.lower)} to ${figure(score.upper)})`;
    out(`  ${printable(timestamp)}  ${figure(value)}, ${usual}: ${score.reason}, score ${score.score.toFixed(2)}`);
  }
  if (alarms > shown.length) out(style.dim(`  and ${alarms - shown.length} more in ${csv}`));
}
