import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { BeatRun, Records } from '@selfheal/contracts';
import type { BeatObserver } from '@selfheal/temporal';

export interface BeatLog {
  readonly observe: BeatObserver;
  close(): Promise<void>;
}

/**
 * Writes one JSON line for each beat in the beat-log format that our own parser reads (so selfheal can watch itself), and keeps its
 * timing as a record. Neither may fail the beat: a write that fails is told once on stderr.
 */
export function createBeatLog(options: {
  file: string;
  records: Records;
  release: string;
  onBeat?: (run: BeatRun & { event?: string }) => void;
}): BeatLog {
  const stream = createWriteStream(options.file, { flags: 'a' });
  const pending = new Set<Promise<void>>();
  let warned = false;
  const warn = (error: unknown) => {
    if (!warned) process.stderr.write(`selfheal: the beat log cannot be written: ${String(error)}\n`);
    warned = true;
  };
  stream.on('error', warn);
  return {
    observe: ({ call, handler, workflowId, attempt, startedAt, durationMs, error }) => {
      const message = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
      const run: BeatRun = {
        id: `${workflowId}/${call.beat}/${call.ordinal}/${attempt}`,
        projectId: call.projectId,
        workflowId,
        sequence: call.sequence,
        beat: call.beat,
        handler,
        attempt,
        startedAt,
        durationMs,
        outcome: error === undefined ? 'ok' : 'error',
        ...(message === undefined ? {} : { error: message }),
      };
      const line = {
        timestamp: new Date(startedAt + durationMs).toISOString(),
        level: error === undefined ? 'info' : 'error',
        service: 'selfheal',
        release: options.release,
        event: call.event ?? call.beat,
        handler,
        sequence: call.sequence,
        beat: call.beat,
        duration: durationMs,
        requestId: workflowId,
        ...(error instanceof Error ? { error: { type: error.name, message: error.message, stack: error.stack } } : {}),
        context: { movement: call.movement, attempt },
      };
      stream.write(`${JSON.stringify(line)}\n`);
      options.onBeat?.({ ...run, ...(call.event === undefined ? {} : { event: call.event }) });
      const write = options.records.put('beatRun', run).catch(warn);
      pending.add(write);
      void write.finally(() => pending.delete(write));
    },
    close: async () => {
      await Promise.allSettled(pending);
      stream.end();
      await finished(stream).catch(warn);
    },
  };
}
