/**
 * `node --import @selfheal/recorder app.js`. Loading it is all: it starts, or where it cannot it stays out of the way without a word, for
 * nothing that goes wrong here may stop the service. `SELFHEAL_RECORDER=off` switches it off.
 */
import { isMainThread } from 'node:worker_threads';
import { readSettings } from './settings.ts';

const settings = isMainThread ? readSettings(process.env, process.cwd()) : undefined;
if (settings !== undefined) {
  // Loaded here, so that a service with the recorder off pays for one file alone.
  await import('./start.ts').then(({ start }) => start(settings)).catch(() => undefined);
}
