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
