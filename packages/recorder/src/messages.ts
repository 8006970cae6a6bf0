import type { Described } from './describe/describe-value.ts';
import type { Settings } from './settings.ts';

/** What the watching thread is started with. `closed` is shared memory, one Int32: 1 once the thread holds nothing more and has left. */
export interface ThreadData {
  readonly settings: Settings;
  readonly closed: SharedArrayBuffer;
}

/** From the application's thread to the watching one. */
export type Told =
  /** The application's request ended: what failed within it can be judged. */
  | { readonly kind: 'answered'; readonly request: number; readonly status: number }
  /** Nothing caught the error: the process is about to end. */
  | { readonly kind: 'fatal'; readonly error: number }
  /** Whether the application's thread has time to spare. */
  | { readonly kind: 'load'; readonly busy: boolean }
  | { readonly kind: 'exit' };

/** The HTTP request under way, where there is one. */
export interface SeenRequest {
  readonly id: number;
  readonly method: string;
  /** Path with query, as it came. */
  readonly url: string;
  readonly traceparent?: string;
  readonly requestId?: string;
}

/** What the probe in the application's thread gives for a pause. */
export interface Probed {
  /** Equal for every pause of one error object. */
  readonly error: number;
  readonly request?: SeenRequest;
  readonly frames: readonly Readonly<Record<string, Described>>[];
  readonly result?: Described;
  /** Stacks of this process name original positions already. */
  readonly mapped: boolean;
}
