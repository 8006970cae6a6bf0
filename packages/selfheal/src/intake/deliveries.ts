import type { Records, RejectedInput } from '@selfheal/contracts';
import type { OpenProject } from '../project/open-project.ts';
import { Intake } from './intake.ts';
import { journalDir } from './journal-dir.ts';
import { DEFAULT_OTLP_PORT, type OtlpReceiver, openOtlpReceiver } from './otlp-receiver.ts';
import { type OtlpThreads, openOtlpThreads } from './otlp-threads.ts';
import { readInput } from './read-input.ts';

/** Of what one request becomes on disk, for each byte of its body: JSON is longer than protobuf. */
const GROWTH = 8;
const TIDY_MS = 1_000;

/** All that is handed to this process rather than read from files: events of a host, standard input, OTLP. */
export class Deliveries {
  readonly #project: OpenProject;
  readonly #intake: Intake;
  #receiver: OtlpReceiver | undefined;
  #threads: OtlpThreads | undefined;
  #tidying: NodeJS.Timeout | undefined;

  constructor(project: OpenProject, records: Records) {
    const { id, root, dataDir, config } = project;
    const limits = { maxBacklogBytes: config.intake.maxBacklogBytes, segmentBytes: config.housekeeping.intakeMaxBytes };
    this.#project = project;
    this.#intake = new Intake({ dataDir, projectId: id, projectRoot: root, records, ...limits });
  }

  /** Where OTLP is received, while it is. */
  get otlpUrl(): string | undefined {
    return this.#receiver?.url;
  }

  async ingest(events: readonly (Record<string, unknown> | string)[]): Promise<void> {
    await this.#intake.takeLines('host', events);
  }

  /** Takes log lines to the end of the stream. `read` is called when no more fits before some of it was read. */
  async readInput(input: AsyncIterable<Uint8Array>, signal: AbortSignal, read?: () => Promise<unknown>): Promise<RejectedInput[]> {
    const makeRoom = async () => {
      await read?.();
      await this.#intake.tidy();
    };
    return await readInput(input, {
      take: async (lines) => await this.#intake.takeLines('stdin', lines),
      maxLineBytes: this.#project.config.intake.maxLineBytes,
      signal,
      ...(read === undefined ? {} : { makeRoom }),
    });
  }

  /** Receives OTLP where the configuration wants it, and removes what was stored, until `close`. Returns what people should know. */
  async receive(): Promise<string | undefined> {
    this.#tidying ??= setInterval(() => void this.tidy().catch(() => undefined), TIDY_MS).unref();
    const { otlp, maxLineBytes } = this.#project.config.intake;
    if (!otlp.enabled || this.#receiver !== undefined) return undefined;
    const threads = openOtlpThreads({
      keyDir: journalDir(this.#project.dataDir),
      maxLineBytes,
      maxBytes: otlp.maxBodyBytes * GROWTH,
    });
    this.#threads = threads;
    this.#receiver = await openOtlpReceiver({
      config: otlp,
      read: (task) => threads.read(task),
      take: async (lines) => await this.#intake.takeDelivery('otlp', lines),
    });
    return this.#receiver === undefined ? `port ${DEFAULT_OTLP_PORT} is in use: no OpenTelemetry data is received` : undefined;
  }

  /** Removes what is in the lake. */
  async tidy(): Promise<void> {
    await this.#intake.tidy();
  }

  /** Answers what is under way, and takes nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#tidying);
    this.#tidying = undefined;
    await this.#receiver?.close();
    this.#receiver = undefined;
    await this.#threads?.close();
    this.#threads = undefined;
    await this.#intake.close();
  }
}
