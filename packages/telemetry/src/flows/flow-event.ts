import type { TelemetryEvent } from '@selfheal/contracts';

/** What flows are folded from: a third of what an event holds, as a window has very many. */
export const FLOW_FIELDS = [
  'id',
  'time',
  'timeFrom',
  'kind',
  'source',
  'line',
  'text',
  'release',
  'operation',
  'sequence',
  'beat',
  'step',
  'outcome',
  'durationMs',
  'waitMs',
  'parentSpanId',
  'flowId',
  'request',
  'input',
] as const satisfies readonly (keyof TelemetryEvent)[];

export type FlowEvent = Pick<TelemetryEvent, (typeof FLOW_FIELDS)[number]>;
