import type { BeatRun, Records } from '@selfheal/contracts';
import type { BeatObserver } from '@selfheal/temporal';
import { openRotatingFile } from './rotating-file.ts';

export interface BeatLog {
  readonly observe: BeatObserver;
  close(): Promise<void>;
}

/**
 * Writes one JSON line for each beat in the beat-log format that our own parser reads (so selfheal can watch itself), and keeps its
 * timing as a record. The file is rotated as loggers do: `beats.ndjson.1` is the one before. Neither may fail the beat: a write that fails is told once on stderr.
 */
export function createBeatLog(options: {
  file: string;
  records: Records;
  release: string;
  /** Bytes after which the file is rotated, and how many rotated ones are kept. */
  maxBytes: number;
  files: number;
  onBeat?: (run: BeatRun & { event?: string }) => void;
}): BeatLog {
  const pending = new Set<Promise<void>>();
  let warned = false;
  const warn = (error: unknown) => {
    if (!warned) process.stderr.write(`selfheal: the beat log cannot be written: ${String(error)}\n`);
    warned = true;
  };
  const log = openRotatingFile({ path: options.file, maxBytes: options.maxBytes, files: options.files, onError: warn });
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
      log.write(`${JSON.stringify(line)}\n`);
      options.onBeat?.({ ...run, ...(call.event === undefined ? {} : { event: call.event }) });
      const write = options.records.put('beatRun', run).catch(warn);
      pending.add(write);
      void write.finally(() => pending.delete(write));
    },
    close: async () => {
      await Promise.allSettled(pending);
      await log.close();
    },
  };
}
