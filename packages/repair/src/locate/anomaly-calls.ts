import type { Anomaly, ErrorDetails, ErrorStats, RecordedCall } from '@selfheal/contracts';

const KEPT = 24;

/** Production calls of an anomaly that show the fault, and calls that went well. */
export function callsOf(anomaly: Anomaly): { failing: RecordedCall[]; passing: RecordedCall[] } {
  const { details } = anomaly;
  switch (details.type) {
    case 'error':
      return withExamples(details);
    case 'performance':
    case 'coverage':
      return splitByOutcome(details.calls);
    case 'behavioral':
      return { failing: fromVariant(anomaly, details.flow, details.seen.examples), passing: [] };
    case 'signal':
      return { failing: [], passing: [] };
  }
}

function withExamples({ error, calls = [] }: ErrorDetails): { failing: RecordedCall[]; passing: RecordedCall[] } {
  const seen = new Map(calls.map((call) => [call.eventId, call.frames]));
  const examples = fromExamples(error).map((call) => {
    const frames = seen.get(call.eventId);
    return frames === undefined ? call : { ...call, frames };
  });
  const known = new Set(examples.map((call) => call.eventId));
  const { failing, passing } = splitByOutcome(calls.filter((call) => !known.has(call.eventId)));
  return { failing: [...examples, ...failing].slice(0, KEPT), passing };
}

function splitByOutcome(calls: readonly RecordedCall[]): { failing: RecordedCall[]; passing: RecordedCall[] } {
  const failing = calls.filter((call) => call.outcome === 'error').slice(0, KEPT);
  return { failing, passing: calls.filter((call) => call.outcome === 'ok').slice(0, KEPT) };
}

function fromExamples(error: ErrorStats): RecordedCall[] {
  const [mostHit = ''] = Object.entries(error.operations).sort(([, a], [, b]) => b - a)[0] ?? [];
  return error.examples.slice(0, KEPT).map((example) => ({
    operation: example.operation ?? mostHit,
    eventId: example.evidence.eventId,
    outcome: 'error' as const,
    ...(example.input === undefined ? {} : { input: example.input }),
    ...(example.request === undefined ? {} : { request: example.request }),
  }));
}

type VariantExamples = Extract<Anomaly['details'], { type: 'behavioral' }>['seen']['examples'];

function fromVariant(anomaly: Anomaly, flow: string, examples: VariantExamples): RecordedCall[] {
  return examples.map((example) => ({
    operation: anomaly.place.operation ?? flow,
    eventId: example.lines[0]?.eventId ?? example.flowId,
    outcome: 'error' as const,
    ...(example.input === undefined ? {} : { input: example.input }),
    ...(example.request === undefined ? {} : { request: example.request }),
  }));
}
