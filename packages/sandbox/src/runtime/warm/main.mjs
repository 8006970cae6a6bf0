/**
 * The warm process that tries candidates: started once, confined, it reads one JSON job a line from standard input and answers on
 * standard output, each line behind the token it was given, so that what tests print is never taken for an answer. The jobs run in a
 * worker thread with a heap of its own; one that stops answering (a loop that no step counter sees, a regular expression that
 * backtracks for ever) is ended, its job fails as hung, and a fresh thread takes the next.
 */
import { createInterface } from 'node:readline';
import { MessageChannel, Worker } from 'node:worker_threads';

const WORKER = new URL('./worker.mjs', import.meta.url);
/** A thread is replaced after so many jobs: modules that were once evaluated are not always given back. */
const JOBS_PER_THREAD = 2_500;
const HEAP_MB = 512;

const lines = createInterface({ input: process.stdin });
const queue = [];
let setup;
let thread;
let running;
let served = 0;

lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.kind === 'setup') setup = message;
  else {
    queue.push(message);
    next();
  }
});
lines.on('close', () => process.exit(0));

function next() {
  if (running !== undefined || queue.length === 0) return;
  const job = queue.shift();
  if (thread === undefined || served >= JOBS_PER_THREAD) replaceThread();
  served += 1;
  running = { job, timer: setTimeout(() => giveUp('hung'), job.hangMs) };
  thread.postMessage(job);
}

function replaceThread() {
  void thread?.terminate();
  served = 0;
  // Test code can reach the thread's own channel and data: answers come by another, and the token stays here.
  const { port1: ours, port2: theirs } = new MessageChannel();
  const { token: _, ...workerData } = setup;
  const fresh = new Worker(WORKER, {
    workerData: { ...workerData, answers: theirs },
    transferList: [theirs],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  ours.on('message', (result) => fresh === thread && finish(result));
  fresh.on('error', (error) => fresh === thread && giveUp(`crashed: ${error?.message ?? error}`));
  fresh.on('exit', () => fresh === thread && giveUp('crashed: the thread ended'));
  fresh.stdout.resume();
  fresh.stderr.resume();
  thread = fresh;
}

function discardThread() {
  const gone = thread;
  thread = undefined;
  void gone?.terminate();
}

function giveUp(why) {
  discardThread();
  if (running !== undefined) finish({ id: running.job.id, broken: why });
}

function finish(result) {
  if (running === undefined || result.id !== running.job.id) return;
  clearTimeout(running.timer);
  running = undefined;
  if (result.poisoned) discardThread();
  process.stdout.write(`${setup.token} ${JSON.stringify(result)}\n`);
  next();
}
