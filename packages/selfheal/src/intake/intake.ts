import { SelfhealError } from '@selfheal/contracts';
import { openRedaction } from '@selfheal/redaction';
import {
  type DeliveredLine,
  type DeliveryKeys,
  type Disk,
  dropStored,
  type IntakeFolder,
  type IntakeOwner,
  loadKeys,
  SegmentWriter,
  sealLine,
  settleSegments,
} from '@selfheal/telemetry';
import { intakeFolder } from './intake-folder.ts';
import { journalDir } from './journal-dir.ts';

export type Stream = 'host' | 'stdin' | 'otlp';

export interface IntakeOptions extends IntakeOwner {
  readonly dataDir: string;
  /** Bytes that may wait to be read. */
  readonly maxBacklogBytes: number;
  /** Bytes after which a segment is followed by a new one. */
  readonly segmentBytes: number;
  readonly disk?: Disk;
}

/** How long a look at what waits is believed while senders press. */
const LOOK_AGAIN_MS = 250;

/**
 * Takes what is delivered to this process: redacted, sealed, and on disk when a call resolves. What waits to be read is bounded: beyond
 * it all fail with INTAKE_FULL and keep nothing; where the disk is full, with STORE_FULL.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #folder: IntakeFolder;
  readonly #writers = new Map<Stream, SegmentWriter>();
  readonly #underWay = new Map<string, Promise<void>>();
  #keys: Promise<DeliveryKeys> | undefined;
  #waiting: number | undefined;
  #lookedAt = 0;
  #looking: Promise<number> | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#folder = intakeFolder(options.dataDir, options.disk);
  }

  /** Lines, or events as JSON. */
  async takeLines(stream: Stream, events: readonly (Record<string, unknown> | string)[]): Promise<void> {
    if (events.length === 0) return;
    const redact = (await openRedaction(journalDir(this.#options.dataDir)))({});
    const lines = events
      .flatMap((event) => (typeof event === 'string' ? event.split(/\r?\n/) : JSON.stringify(event)))
      .map((line) => sealLine({ key: undefined, text: redact(line) }));
    await this.#append(stream, Buffer.from(lines.join('')));
  }

  /** Lines that may be delivered twice, because their sender got no answer: taken once. They are redacted and sealed already. */
  async takeDelivery(stream: Stream, lines: readonly DeliveredLine[]): Promise<void> {
    this.#keys ??= this.#loadKeys();
    const keys = await this.#keys;
    const own = lines.flatMap(({ key }) => key ?? []);
    for (let before = this.#anyUnderWay(own); before !== undefined; before = this.#anyUnderWay(own)) await before.catch(() => undefined);
    const fresh = lines.filter(({ key }) => key === undefined || !keys.has(key, Date.now()));
    const taking = this.#append(stream, Buffer.concat(fresh.map(({ bytes }) => bytes)));
    for (const key of own) this.#underWay.set(key, taking);
    try {
      await taking;
      for (const { key } of fresh) if (key !== undefined) keys.add(key, Date.now());
    } finally {
      for (const key of own) this.#underWay.delete(key);
    }
  }

  /** Removes what is in the lake, and returns the bytes freed. */
  async tidy(): Promise<number> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return await this.#looking;
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    for (const writer of this.#writers.values()) await writer.close();
    this.#writers.clear();
  }

  async #append(stream: Stream, bytes: Uint8Array): Promise<void> {
    await this.#makeRoom(bytes.length);
    this.#waiting = (this.#waiting ?? 0) + bytes.length;
    await this.#writer(stream).append(bytes);
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { maxBacklogBytes, dataDir } = this.#options;
    const isFull = () => this.#waiting === undefined || this.#waiting + bytes > maxBacklogBytes;
    if (isFull() && performance.now() - this.#lookedAt > LOOK_AGAIN_MS) await this.tidy();
    if (!isFull()) return;
    throw new SelfhealError('INTAKE_FULL', `${this.#waiting} bytes wait to be read, ${maxBacklogBytes} may`, { where: { data: dataDir } });
  }

  async #look(): Promise<number> {
    const before = this.#waiting ?? 0;
    const { freed, waiting } = await dropStored(this.#folder, this.#options);
    // What came meanwhile may have been missed.
    this.#waiting = waiting + Math.max(0, (this.#waiting ?? 0) - before);
    this.#lookedAt = performance.now();
    return freed;
  }

  #writer(stream: Stream): SegmentWriter {
    const { segmentBytes } = this.#options;
    const writer = this.#writers.get(stream) ?? new SegmentWriter({ folder: this.#folder, stream, segmentBytes });
    this.#writers.set(stream, writer);
    return writer;
  }

  /** After a start: what a process that died had taken, though it may not have said so. */
  async #loadKeys(): Promise<DeliveryKeys> {
    await settleSegments(this.#folder);
    return await loadKeys(this.#folder, Date.now());
  }

  #anyUnderWay(keys: readonly string[]): Promise<void> | undefined {
    for (const key of keys) {
      const taking = this.#underWay.get(key);
      if (taking !== undefined) return taking;
    }
    return undefined;
  }
}
