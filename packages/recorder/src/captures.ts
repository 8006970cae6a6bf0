import type { Described } from './describe/describe-value.ts';
import type { SourcePlace } from './inspect/scripts.ts';
import type { SeenRequest } from './messages.ts';

/** A frame of the application's own code, with its arguments and locals by name. */
export interface RecordedFrame extends SourcePlace {
  readonly function: string;
  readonly values: Readonly<Record<string, Described>>;
}

/** One error, seen once or at several pauses: where it was thrown, and where an await threw it again. */
export interface Capture {
  readonly error: number;
  readonly time: number;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly request?: SeenRequest;
  readonly frames: RecordedFrame[];
  /** The inspector foresaw no handler. */
  uncaught: boolean;
  /** Nothing handled it: the process ends. */
  fatal: boolean;
  /** Of the answer to its request. */
  status?: number;
}

/** By then an await has thrown it again, and a process that it ends has said so. */
const SETTLE_MS = 300;
/** A request that is not answered by then tells no outcome. */
const ANSWER_MS = 10_000;
const MAX_HELD = 200;
const MAX_FRAMES = 8;

/** Holds captures until it is known how they ended, then hands them on. */
export class Captures {
  readonly #held = new Map<number, { capture: Capture; timer: NodeJS.Timeout }>();
  readonly #done: (capture: Capture) => void;

  constructor(done: (capture: Capture) => void) {
    this.#done = done;
  }

  add(capture: Capture): void {
    const known = this.#held.get(capture.error)?.capture;
    if (known !== undefined) {
      merge(known, capture);
      return;
    }
    const [oldest] = this.#held.keys();
    if (this.#held.size >= MAX_HELD && oldest !== undefined) this.#finish(oldest);
    const timer = setTimeout(() => this.#finish(capture.error), capture.request === undefined ? SETTLE_MS : ANSWER_MS);
    this.#held.set(capture.error, { capture, timer });
  }

  answered(request: number, status: number): void {
    for (const { capture } of [...this.#held.values()]) {
      if (capture.request?.id !== request) continue;
      capture.status = status;
      this.#finish(capture.error);
    }
  }

  fatal(error: number): void {
    const held = this.#held.get(error);
    if (held !== undefined) held.capture.fatal = true;
  }

  finishAll(): void {
    for (const error of [...this.#held.keys()]) this.#finish(error);
  }

  #finish(error: number): void {
    const held = this.#held.get(error);
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held.delete(error);
    this.#done(held.capture);
  }
}

/** The first look at a frame counts: later, its values may have changed. */
function merge(into: Capture, later: Capture): void {
  into.uncaught &&= later.uncaught;
  for (const frame of later.frames) {
    const same = into.frames.some((one) => one.function === frame.function && one.file === frame.file);
    if (!same && into.frames.length < MAX_FRAMES) into.frames.push(frame);
  }
}
