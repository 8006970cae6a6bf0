/** Entry of a worker thread: takes export requests apart away from the main thread, whose heartbeats must not stall. */
import { workerData } from 'node:worker_threads';
import { openRedaction } from '@selfheal/redaction';
import { OtlpFault, readExport } from '@selfheal/telemetry';
import type { OtlpOutcome, OtlpTask, OtlpThreadData } from './otlp-task.ts';

const { keyDir, maxLineBytes, maxBytes } = threadData(workerData);
const redaction = await openRedaction(keyDir);

export default function readOtlp(task: OtlpTask): OtlpOutcome {
  try {
    return { ok: true, read: readExport(task, { maxLineBytes, maxBytes }, redaction({})) };
  } catch (error) {
    if (error instanceof OtlpFault) return { ok: false, kind: error.kind, message: error.message };
    throw error;
  }
}

function threadData(value: unknown): OtlpThreadData {
  // Piscina hands over [pool data, user data].
  const data: unknown = Array.isArray(value) ? value.at(-1) : value;
  return data as OtlpThreadData;
}
