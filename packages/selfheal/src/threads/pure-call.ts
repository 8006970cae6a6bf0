import type { ErrorCode, ErrorWhere } from '@selfheal/contracts';

export interface ThreadData {
  readonly blobsDir: string;
  readonly plugins: readonly string[];
  readonly root: string;
}

export interface PureCall {
  readonly handler: string;
  /** May hold references. */
  readonly input: unknown;
}

export type PureOutcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly message: string; readonly code?: ErrorCode; readonly detail?: string; readonly where?: ErrorWhere };
