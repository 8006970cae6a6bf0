/**
 * The thread beside the application: it holds the inspector session, so that the application stands still for a moment only, while
 * redaction, source maps and sending happen here.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { MainThread } from './inspect/main-thread.ts';
import { Watch } from './inspect/watch.ts';
import type { ThreadData, Told } from './messages.ts';
import { PROBE_KEY } from './probe-key.ts';
import { deliver } from './send/deliver.ts';
import { exportRequest, type LogRecord, type Redact } from './send/otlp.ts';
import { Outbox } from './send/outbox.ts';
import { loadRedaction } from './send/redaction.ts';

const { settings, closed }: ThreadData = workerData;
const state = new Int32Array(closed);
const port = parentPort;
if (port === null) throw new TypeError('watch.thread runs as a worker of the recorder alone');

const outbox = new Outbox((records, dropped) => deliver(exportRequest(records, settings.resource, dropped), settings.destination));
let redaction: Promise<Redact> | undefined;
/** Settles once all records so far are in the outbox. */
let recorded: Promise<void> = Promise.resolve();

const watch = new Watch((make) => {
  redaction ??= loadRedaction();
  recorded = Promise.all([redaction, recorded]).then(([redact]) => record(make, redact));
}, new MainThread(PROBE_KEY));

port.on('message', (message: Told) => {
  if (message.kind === 'exit') void leave();
  else watch.told(message);
});
await watch.start();
port.postMessage('watching');

function record(make: (redact: Redact) => LogRecord, redact: Redact): void {
  outbox.add(JSON.stringify(make(redact)));
}

async function leave(): Promise<void> {
  try {
    watch.finish();
    await recorded;
    await outbox.flush();
    watch.close();
  } finally {
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
  }
}
