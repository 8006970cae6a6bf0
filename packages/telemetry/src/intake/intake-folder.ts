import type { Disk } from './disk.ts';

/** Where hosts, standard input and OTLP senders deliver to: a folder of segments of sealed lines. */
export interface IntakeFolder {
  readonly path: string;
  readonly disk: Disk;
  /** Held while a segment is written, removed, or looked at for what is durable in it. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>;
}
