/** Entry of a worker thread: runs pure beats away from the main thread, whose heartbeats must not stall. */
import { workerData } from 'node:worker_threads';
import { SelfhealError } from '@selfheal/contracts';
import { createBlobs } from '@selfheal/store';
import { runBeat } from '@selfheal/temporal/beat';
import { createBeats } from '../beats/beat-registry.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { ThreadCall, ThreadData } from './pure-call.ts';

const { blobsDir, plugins, root } = threadData(workerData);
const blobs = createBlobs({ dir: blobsDir });
const beats = new Map(createBeats(await loadPlugins(plugins, root)).map((beat) => [beat.handler, beat]));

export default async function runPure(call: ThreadCall): Promise<Outcome> {
  return outcomeOf(async () => {
    if ('index' in call) return (await import('@selfheal/repair')).indexCodebase(...call.index);
    if ('functionsOf' in call) return (await import('@selfheal/repair')).functionsOfFile(...call.functionsOf);
    const beat = beats.get(call.handler);
    if (beat === undefined) throw new SelfhealError('HANDLER_UNKNOWN', call.handler);
    return await runBeat(beat, call.input, blobs);
  });
}

function threadData(value: unknown): ThreadData {
  // Piscina hands over [pool data, user data].
  const data: unknown = Array.isArray(value) ? value.at(-1) : value;
  return data as ThreadData;
}
