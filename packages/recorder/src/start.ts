import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { followLoad } from './load.ts';
import type { ThreadData, Told } from './messages.ts';
import { numberOf, probe } from './probe.ts';
import { PROBE_KEY } from './probe-key.ts';
import { followRequests } from './requests.ts';
import type { Settings } from './settings.ts';

/** How long the application's start waits for the watching thread: errors before it is there are not seen. */
const START_MS = 5_000;
/** How long a process that ends waits for what is not yet sent. */
const EXIT_MS = 2_000;

/** Starts the thread that watches this one, and waits until it does. */
export async function start(settings: Settings): Promise<void> {
  // Someone debugs this process: our pauses would be theirs.
  if (inspector.url() !== undefined) return;
  const closed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: ThreadData = { settings, closed: closed.buffer };
  Reflect.defineProperty(globalThis, Symbol.for(PROBE_KEY), { value: probe, configurable: true });
  const file = new URL(`./watch.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  const worker = new Worker(file, { workerData, execArgv: [], name: 'selfheal-recorder' });
  const tell = (message: Told): void => worker.postMessage(message);
  followRequests(tell);
  followLoad(tell);
  process.on('uncaughtExceptionMonitor', (error) => tell({ kind: 'fatal', error: numberOf(error) }));
  process.on('exit', () => leave(closed, tell));
  await watching(worker, closed);
  worker.unref();
}

/** Until the thread is up, has failed, or takes too long: then it comes later. An error of it ends the recording and nothing else. */
function watching(worker: Worker, closed: Int32Array): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, START_MS);
    const settle = (): void => {
      Reflect.deleteProperty(globalThis, Symbol.for(PROBE_KEY));
      clearTimeout(timer);
      resolve();
    };
    worker.once('message', settle);
    worker.on('error', settle);
    worker.once('exit', () => {
      Atomics.store(closed, 0, 1);
      settle();
    });
  });
}

/** Lets the thread send what it holds, and leave the inspector: else the runtime says that it waits for a debugger. */
function leave(closed: Int32Array, tell: (message: Told) => void): void {
  if (Atomics.load(closed, 0) === 1) return;
  tell({ kind: 'exit' });
  Atomics.wait(closed, 0, 0, EXIT_MS);
}
