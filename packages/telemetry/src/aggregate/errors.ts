import type { ErrorExample, ErrorStats, TelemetryError, TelemetryEvent } from '@selfheal/contracts';
import { isAtLeast, worse } from '../normalise/severity.ts';
import { evidenceOf } from './evidence.ts';
import { contextOf, type FlowContext } from './flow-context.ts';

const MAX_EXAMPLES = 5;

/**
 * Errors by fingerprint. One error that a flow logs on several lines (where it is thrown, where it is answered) counts once. An
 * example carries the request and the input that other lines of its flow logged.
 */
export function errorStats(events: readonly TelemetryEvent[], contexts: ReadonlyMap<string, FlowContext>): ErrorStats[] {
  const byFingerprint = new Map<string, ErrorStats>();
  const counted = new Set<string>();
  const logged = new Set<string>();
  for (const { error, recording } of events) if (error !== undefined && recording === undefined) logged.add(error.fingerprint);
  for (const event of events) {
    const { error, flowId } = event;
    if (error === undefined || !isAtLeast(event.severity, 'warn')) continue;
    // The recorder tells of an error that the application logs too: once is enough.
    if (event.recording !== undefined && logged.has(error.fingerprint)) continue;
    const context = contextOf(event, contexts);
    const operation = context?.operation ?? event.operation;
    const stats = byFingerprint.get(error.fingerprint) ?? start(event, error);
    byFingerprint.set(error.fingerprint, stats);
    stats.severity = worse(stats.severity, event.severity);
    stats.lastSeen = Math.max(stats.lastSeen, event.time);
    stats.firstSeen = Math.min(stats.firstSeen, event.time);
    const once = flowId === undefined ? undefined : `${error.fingerprint} ${flowId}`;
    if (once !== undefined && counted.has(once)) continue;
    if (once !== undefined) counted.add(once);
    stats.count += 1;
    if (operation !== undefined) stats.operations[operation] = (stats.operations[operation] ?? 0) + 1;
    stats.examples = chooseExamples([...stats.examples, exampleOf(event, error, context, operation)]);
  }
  return [...byFingerprint.values()].sort((a, b) => b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** Merges statistics of one fingerprint from several slices. */
export function mergeErrorStats(parts: readonly ErrorStats[]): ErrorStats {
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to merge: at least one part is needed');
  const operations: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part.operations)) operations[name] = (operations[name] ?? 0) + count;
  }
  return {
    ...first,
    severity: parts.map((part) => part.severity).reduce(worse),
    count: parts.reduce((sum, part) => sum + part.count, 0),
    operations,
    firstSeen: Math.min(...parts.map((part) => part.firstSeen)),
    lastSeen: Math.max(...parts.map((part) => part.lastSeen)),
    frames: parts.find((part) => part.frames.length > 0)?.frames ?? [],
    examples: chooseExamples(parts.flatMap((part) => part.examples)),
  };
}

function start(event: TelemetryEvent, error: TelemetryError): ErrorStats {
  return {
    fingerprint: error.fingerprint,
    type: error.type,
    normalisedMessage: error.normalisedMessage,
    severity: event.severity,
    count: 0,
    operations: {},
    firstSeen: event.time,
    lastSeen: event.time,
    frames: error.frames,
    examples: [],
  };
}

function exampleOf(
  event: TelemetryEvent,
  error: TelemetryError,
  context: FlowContext | undefined,
  operation: string | undefined,
): ErrorExample {
  const request = event.request === undefined ? context?.request : { ...context?.request, ...event.request };
  const input = event.input ?? context?.input;
  return {
    evidence: evidenceOf(event),
    message: error.message.slice(0, 2000),
    frames: error.frames,
    ...(request === undefined ? {} : { request }),
    ...(input === undefined ? {} : { input }),
    ...(operation === undefined ? {} : { operation }),
    ...(event.flowId === undefined ? {} : { flowId: event.flowId }),
  };
}

/** Examples that show what went in come first; of equal ones the earliest. */
function chooseExamples(examples: readonly ErrorExample[]): ErrorExample[] {
  if (examples.length <= MAX_EXAMPLES) return [...examples];
  const seen = new Set<string>();
  const ranked = [...examples].sort((a, b) => richness(b) - richness(a) || a.evidence.time - b.evidence.time);
  const fresh = ranked.filter((example) => {
    const shape = JSON.stringify([example.message, example.input, example.request?.path, example.request?.body]);
    return !seen.has(shape) && seen.add(shape);
  });
  return [...fresh, ...ranked.filter((example) => !fresh.includes(example))].slice(0, MAX_EXAMPLES);
}

function richness(example: ErrorExample): number {
  return (example.request?.body !== undefined || example.input !== undefined ? 2 : 0) + (example.request === undefined ? 0 : 1);
}
