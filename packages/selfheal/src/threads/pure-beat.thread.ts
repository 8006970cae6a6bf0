/** Entry of a worker thread: runs pure beats away from the main thread, whose heartbeats must not stall. */
import { workerData } from 'node:worker_threads';
import { isSelfhealError } from '@selfheal/contracts';
import { createBlobs } from '@selfheal/store';
import { runBeat } from '@selfheal/temporal/beat';
import { createBeats } from '../beats/beat-registry.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import type { IndexCall, PureCall, PureOutcome, ThreadData } from './pure-call.ts';

const { blobsDir, plugins, root } = threadData(workerData);
const blobs = createBlobs({ dir: blobsDir });
const beats = new Map(createBeats(await loadPlugins(plugins, root)).map((beat) => [beat.handler, beat]));

/** Errors travel as data: a class and its code would not survive the way between threads. */
export default async function runPure(call: PureCall | IndexCall): Promise<PureOutcome> {
  if ('index' in call) return { ok: true, output: (await import('@selfheal/repair')).indexCodebase(...call.index) };
  const beat = beats.get(call.handler);
  if (beat === undefined) return { ok: false, message: `no handler ${call.handler}`, code: 'HANDLER_UNKNOWN', detail: call.handler };
  try {
    return { ok: true, output: await runBeat(beat, call.input, blobs) };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return isSelfhealError(error)
      ? { ok: false, message, code: error.code, detail: error.detail, where: error.where }
      : { ok: false, message };
  }
}

function threadData(value: unknown): ThreadData {
  // Piscina hands over [pool data, user data].
  const data: unknown = Array.isArray(value) ? value.at(-1) : value;
  return data as ThreadData;
}
