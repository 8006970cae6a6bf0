import type { MessagePort } from 'node:worker_threads';
import type { Ref } from '@selfheal/contracts';
import type { OpenProject } from '../project/open-project.ts';

export interface TelemetryThreadData {
  readonly project: OpenProject;
  readonly databaseUrl: string | undefined;
}

/** What a beat's context is without its functions: the signal ends the thread, and progress is told to the port. */
export interface TelemetryCall {
  readonly handler: string;
  readonly input: unknown;
  readonly context: { workflowId: string; sequence: string; beat: string; attempt: number; key: string };
  readonly progress: MessagePort;
}

/** Stores a value that is only derived, for a beat that runs elsewhere. */
export interface StoreCall {
  readonly store: Ref;
}

/** Gives back what the thread holds open, before it is ended. */
export interface CloseCall {
  readonly close: true;
}
