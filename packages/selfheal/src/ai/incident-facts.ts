import type { FailureFacts, RawError } from '@selfheal/ai';
import type { Anomaly, Records, StackFrame } from '@selfheal/contracts';

/** What is known of an incident, as the facts of a failure. Fails with RECORD_MISSING. */
export async function incidentFacts(records: Records, incidentId: string): Promise<FailureFacts> {
  const incident = await records.need('incident', incidentId);
  const anomaly = await records.need('anomaly', incident.anomalyId);
  const { handler, sequence, step } = anomaly.place;
  const error = errorOf(anomaly);
  return {
    subject: {
      ...(sequence === undefined ? {} : { sequence }),
      ...(step === undefined ? {} : { beat: step }),
      ...(handler === undefined ? {} : { handler }),
      workflowId: incident.workflowId,
      incident: {
        id: incident.id,
        class: incident.type,
        title: incident.title,
        severity: incident.severity,
        occurrences: incident.occurrences,
      },
    },
    error: error ?? { type: anomaly.type, message: anomaly.description, ...(stackOf(anomaly) === '' ? {} : { stack: stackOf(anomaly) }) },
    logs: anomaly.evidence.map(({ text, time }) => ({ text, at: time })),
  };
}

function errorOf({ details }: Anomaly): RawError | undefined {
  if (details.type !== 'error') return undefined;
  const { examples, frames, normalisedMessage, type } = details.error;
  return { type, message: examples[0]?.message ?? normalisedMessage, stack: frames.map(frameLine).join('\n') };
}

/** An anomaly without an error still has a place. */
function stackOf({ place }: Anomaly): string {
  return place.file === undefined
    ? ''
    : frameLine({
        file: place.file,
        line: place.line ?? 1,
        inApp: true,
        ...(place.function === undefined ? {} : { function: place.function }),
      });
}

function frameLine({ column = 1, file, function: name = '<anonymous>', line }: StackFrame): string {
  return `    at ${name} (${file}:${line}:${column})`;
}
