import type { Anomaly, BehavioralDetails, ErrorDetails, TelemetrySnapshot } from '@selfheal/contracts';
import { isSlow, slowInside } from './slow-inside.ts';

/** Share of an operation's calls that an error must break to explain that its calls are slow. */
const SHARE_THAT_SLOWS = 0.3;
/** An error explains flows that end early where it is about as frequent. */
const AS_OFTEN = 0.5;
/** A sequence that takes longer by about the time it waits. */
const ALIKE = 1.3;

type Failing = Anomaly & { readonly details: ErrorDetails };
type Deviating = Anomaly & { readonly details: BehavioralDetails };

/** The anomaly of which this one is but a consequence; undefined where it stands on its own. */
export function findCause(anomaly: Anomaly, all: readonly Anomaly[], snapshot: TelemetrySnapshot): Anomaly | undefined {
  const errors = all.filter(isFailing);
  if (isSlow(anomaly)) {
    const { operation, seenMs, expectedMs } = anomaly.details;
    return (
      errors.find((error) => breaks(error, operation) && (error.details.shareOfCalls ?? 0) >= SHARE_THAT_SLOWS) ??
      all.filter(isDeviating).find((flow) => waitsFor(flow, operation, seenMs - expectedMs)) ??
      slowInside(anomaly, all.filter(isSlow), snapshot)
    );
  }
  if (isDeviating(anomaly)) return errors.find((error) => endsEarly(anomaly, error));
  if (anomaly.details.type === 'signal' && anomaly.details.signal === 'log-patterns') return all.find(namesCause);
  if (anomaly.details.type === 'signal' && anomaly.details.signal === 'series')
    return all.find((other) => namesCause(other) && concerns(other, anomaly.place.operation ?? ''));
  if (anomaly.details.type === 'coverage') return errors.find((error) => isSamePlace(error, anomaly));
  return undefined;
}

function isFailing(anomaly: Anomaly): anomaly is Failing {
  return anomaly.details.type === 'error';
}

function isDeviating(anomaly: Anomaly): anomaly is Deviating {
  return anomaly.details.type === 'behavioral';
}

/** A kind of line that comes with a known fault tells nothing beside it. */
function namesCause({ finding, details }: Anomaly): boolean {
  return !finding && details.type !== 'signal' && details.type !== 'coverage';
}

/** Something that is known of an operation explains its course over time. */
function concerns({ details, place }: Anomaly, operation: string): boolean {
  if (details.type === 'error' && Object.hasOwn(details.error.operations, operation)) return true;
  return [place.operation, place.handler, place.sequence, place.step].includes(operation);
}

function breaks({ details }: Failing, operation: string): boolean {
  return Object.hasOwn(details.error.operations, operation);
}

/** A run that stops, or hangs, after a throw in that flow. */
function endsEarly({ details, metrics }: Deviating, error: Failing): boolean {
  if (details.deviation !== 'missing' && details.deviation !== 'stuck') return false;
  if (error.details.error.count < (metrics.deviating ?? 0) * AS_OFTEN) return false;
  const flowIds = new Set(details.seen.examples.map(({ flowId }) => flowId));
  const inRun = error.details.error.examples.some(({ flowId }) => flowId !== undefined && flowIds.has(flowId));
  return inRun || [details.flow, ...details.expected].some((name) => breaks(error, name));
}

function waitsFor({ details }: Deviating, operation: string, gainedMs: number): boolean {
  const { deviation, flow, waitMs = 0 } = details;
  return deviation === 'waiting' && flow === operation && gainedMs <= waitMs * ALIKE;
}

/** Its fix brings a test of that function with it. */
function isSamePlace({ place: a }: Failing, { place: b }: Anomaly): boolean {
  return a.file !== undefined && a.file === b.file && a.function !== undefined && a.function === b.function;
}
