import type { Anomaly, ErrorDetails, ErrorExample, Lake, RecordedCall, TelemetryEvent } from '@selfheal/contracts';
import { recordedCallsOf } from './recorded-production-calls.ts';

const OPERATIONS = 3;
const EVENTS_READ = 300;
const CALLS_KEPT = 24;

/**
 * An error anomaly with what the log says beside the error itself: the input that the same request logged on another line, and
 * calls of the same operations that went well, and what the recorder saw. Anomalies of other types carry their calls already.
 */
export async function withProductionCalls(anomaly: Anomaly, lake: Lake): Promise<Anomaly> {
  const { details } = anomaly;
  if (details.type !== 'error') return anomaly;
  const examples = await withInputs(anomaly, details.error.examples, lake);
  const recorded = await recordedCallsOf(anomaly, details, lake);
  const calls = [...recorded, ...(details.calls ?? (await callsBeside(anomaly, details, lake)))];
  return { ...anomaly, details: { ...details, error: { ...details.error, examples }, calls } };
}

async function withInputs(anomaly: Anomaly, examples: readonly ErrorExample[], lake: Lake): Promise<ErrorExample[]> {
  const flowIds = examples.flatMap((example) => (lacksInput(example) && example.flowId !== undefined ? [example.flowId] : []));
  if (flowIds.length === 0) return [...examples];
  const events = await lake.events({ projectId: anomaly.projectId, flowIds, limit: EVENTS_READ });
  return examples.map((example) => {
    if (!lacksInput(example) || example.flowId === undefined) return example;
    const same = events.filter((event) => event.flowId === example.flowId);
    const input = same.find((event) => event.input !== undefined)?.input;
    const request = same.find((event) => carriesData(event.request))?.request ?? example.request;
    return { ...example, ...(input === undefined ? {} : { input }), ...(request === undefined ? {} : { request }) };
  });
}

function lacksInput(example: ErrorExample): boolean {
  return example.input === undefined && !carriesData(example.request);
}

function carriesData(request: TelemetryEvent['request']): boolean {
  return request?.body !== undefined || request?.query !== undefined || request?.params !== undefined;
}

async function callsBeside(anomaly: Anomaly, { error }: ErrorDetails, lake: Lake): Promise<RecordedCall[]> {
  const operations = Object.entries(error.operations)
    .sort(([, a], [, b]) => b - a)
    .slice(0, OPERATIONS)
    .map(([operation]) => operation);
  const calls: RecordedCall[] = [];
  for (const operation of operations) {
    const { from, to } = anomaly.window;
    const events = await lake.events({ projectId: anomaly.projectId, operation, from, to, order: 'desc', limit: EVENTS_READ });
    calls.push(...events.filter(wentWell).map((event) => toCall(operation, event)));
  }
  return calls.slice(0, CALLS_KEPT);
}

function wentWell(event: TelemetryEvent): boolean {
  const status = event.request?.status;
  const failed = event.error !== undefined || event.outcome === 'error' || (status !== undefined && status >= 400);
  return !failed && (event.input !== undefined || carriesData(event.request));
}

function toCall(operation: string, event: TelemetryEvent): RecordedCall {
  return {
    operation,
    eventId: event.id,
    outcome: 'ok',
    ...(event.input === undefined ? {} : { input: event.input }),
    ...(event.output === undefined ? {} : { output: event.output }),
    ...(event.request === undefined ? {} : { request: event.request }),
    ...(event.durationMs === undefined ? {} : { durationMs: event.durationMs }),
  };
}
