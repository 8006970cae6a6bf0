import { logRecord, type Message, metric, span } from './schema.ts';

export type Signal = 'logs' | 'traces' | 'metrics';

/** What the three kinds of export requests call their parts, and what they count. */
export interface SignalShape {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
  readonly item: Message;
  /** What a partial success counts, in OTLP/JSON. */
  readonly rejected: string;
  /** For messages to people. */
  readonly noun: string;
}

export const SIGNALS: Readonly<Record<Signal, SignalShape>> = {
  logs: {
    resources: 'resourceLogs',
    scopes: 'scopeLogs',
    items: 'logRecords',
    item: logRecord,
    rejected: 'rejectedLogRecords',
    noun: 'log record',
  },
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', item: span, rejected: 'rejectedSpans', noun: 'span' },
  metrics: {
    resources: 'resourceMetrics',
    scopes: 'scopeMetrics',
    items: 'metrics',
    item: metric,
    rejected: 'rejectedDataPoints',
    noun: 'data point',
  },
};
