import type { OtlpEncoding, ReadExport, Signal } from '@selfheal/telemetry';

export interface OtlpThreadData {
  /** Folder of the key of placeholders. */
  readonly keyDir: string;
  readonly maxLineBytes: number;
  readonly maxBytes: number;
}

export interface OtlpTask {
  readonly signal: Signal;
  readonly encoding: OtlpEncoding;
  readonly body: Uint8Array;
}

export type OtlpOutcome =
  | { readonly ok: true; readonly read: ReadExport }
  | { readonly ok: false; readonly kind: 'invalid' | 'limit'; readonly message: string };
