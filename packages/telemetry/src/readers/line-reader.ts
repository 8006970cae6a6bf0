import type { Json, LogReader } from '@selfheal/contracts';

/** One record read from a line. `fields` are in the format's own spelling; `normalise/` brings them to one vocabulary. */
export interface LineRecord {
  text: string;
  /** Epoch ms. */
  stamp?: number | undefined;
  level?: string | number | undefined;
  fields: Record<string, Json>;
  /** Where a reader tells several formats apart; else the reader's name is the format. */
  format?: string;
}

export interface ReadContext {
  /** Epoch ms near which the line was written: completes stamps without year or day. */
  reference: number;
}

/**
 * A built-in reader. `exclusive`: its shape cannot be mistaken for another's, so it may be asked first where it read the line before.
 * One line may hold several records (OTLP exports).
 */
export interface LineReader {
  readonly name: string;
  readonly exclusive: boolean;
  read(line: string, context: ReadContext): LineRecord | readonly LineRecord[] | undefined;
}

/** A plugin's reader as one of ours. It stays in front of the built-in ones, so it is never skipped for a sticky one. */
export function fromPlugin(reader: LogReader): LineReader {
  return { name: reader.name, exclusive: false, read: (line) => reader.read(line) };
}
