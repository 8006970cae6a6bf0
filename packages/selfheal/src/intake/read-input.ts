import { setTimeout as sleep } from 'node:timers/promises';
import { isSelfhealError, type RejectedInput, SelfhealError } from '@selfheal/contracts';
import { detectEncoding, LineSplitter } from '@selfheal/telemetry';

export interface InputReader {
  /** Takes lines for good. Fails with INTAKE_FULL while too much waits to be read. */
  readonly take: (lines: readonly string[]) => Promise<void>;
  /** Called before lines are offered again that there was no room for. */
  readonly makeRoom?: () => Promise<void>;
  readonly maxLineBytes: number;
  readonly signal: AbortSignal;
}

const NAME = 'standard input';
const AGAIN_MS = 500;

/**
 * Reads log lines from a stream to its end, no faster than they can be taken, with memory bounded by the longest line. Returns what was
 * left out. Fails with LOG_BINARY where it is no text.
 */
export async function readInput(input: AsyncIterable<Uint8Array>, reader: InputReader): Promise<RejectedInput[]> {
  const rejected: RejectedInput[] = [];
  let splitter: LineSplitter | undefined;
  for await (const bytes of input) {
    if (reader.signal.aborted) return rejected;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (chunk.length === 0) continue;
    splitter ??= splitterFor(chunk, reader.maxLineBytes);
    await takeAll(splitter.push(chunk), rejected, reader);
  }
  const last = splitter?.finish();
  if (last !== undefined) await takeAll([last], rejected, reader);
  return rejected;
}

function splitterFor(head: Buffer, maxLineBytes: number): LineSplitter {
  if (head[0] === 0x1f && head[1] === 0x8b) throw new SelfhealError('LOG_BINARY', `${NAME} is gzip: pipe it through gunzip -c`);
  const seen = detectEncoding(head);
  if ('binary' in seen) throw new SelfhealError('LOG_BINARY', `${NAME}: ${seen.binary}`);
  return new LineSplitter({ encoding: seen.encoding, offset: 0, line: 0, maxLineBytes });
}

async function takeAll(lines: ReturnType<LineSplitter['push']>, rejected: RejectedInput[], reader: InputReader): Promise<void> {
  const texts: string[] = [];
  for (const { text, line, offset, end } of lines) {
    if (text !== undefined) texts.push(text.replace(/^\uFEFF/, ''));
    else {
      const message = `line ${line} has ${end - offset} bytes, more than maxLineBytes; it was left out`;
      rejected.push({ path: NAME, code: 'LOG_LIMIT', message, offset, bytes: end - offset });
    }
  }
  while (texts.length > 0) {
    try {
      return await reader.take(texts);
    } catch (error) {
      if (!isSelfhealError(error) || !error.retryable || reader.signal.aborted) throw error;
      await (reader.makeRoom ?? wait)();
    }
  }
}

async function wait(): Promise<void> {
  await sleep(AGAIN_MS);
}
