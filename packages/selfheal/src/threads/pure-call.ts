import type { functionsOfFile, indexCodebase } from '@selfheal/repair';

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

/** Runs the index of the code base, the heavy function that a port needs. */
export interface IndexCall {
  readonly index: Parameters<typeof indexCodebase>;
}

/** Reads the functions of one file, for the context of a failure. */
export interface FunctionsCall {
  readonly functionsOf: Parameters<typeof functionsOfFile>;
}

export type ThreadCall = PureCall | IndexCall | FunctionsCall;
