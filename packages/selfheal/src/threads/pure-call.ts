import type { ErrorCode, ErrorWhere } from '@selfheal/contracts';
import type { indexCodebase } from '@selfheal/repair';

export interface ThreadData {
  readonly blobsDir: string;
  readonly plugins: readonly string[];
  readonly root: string;
}

/** Runs a pure handler; `input` may hold references. */
export interface PureCall {
  readonly handler: string;
  readonly input: unknown;
}

/** Runs the index of the code base, the one heavy function that a port needs. */
export interface IndexCall {
  readonly index: Parameters<typeof indexCodebase>;
}

export type PureOutcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly message: string; readonly code?: ErrorCode; readonly detail?: string; readonly where?: ErrorWhere };
