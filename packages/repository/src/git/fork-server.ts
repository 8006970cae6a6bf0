import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GitOutcome, GitProcess } from './git-process.ts';

const ENTRY = fileURLToPath(new URL(`./fork-server.child${extname(import.meta.url)}`, import.meta.url));
/** So long without a question, and the server ends: an engine at rest keeps no memory for it. */
const IDLE_MS = 5_000;
const ATTEMPTS = 3;

interface Server {
  readonly child: ChildProcess;
  readonly pending: Map<number, PromiseWithResolvers<GitOutcome>>;
  idle: NodeJS.Timeout | undefined;
}

let server: Server | undefined;
let last = 0;

/**
 * Runs git from a small process of its own. A fork copies the page tables of the whole process, on the main thread: with 500 MB in use
 * each start of a program holds up everything for 20 to 70 ms, against 2 to 5 ms from a small one.
 */
export function runInForkServer(run: GitProcess): Promise<GitOutcome> {
  return ask(run, ATTEMPTS);
}

function ask(run: GitProcess, attempts: number): Promise<GitOutcome> {
  server ??= startServer();
  const asked = server;
  const { child, pending } = asked;
  clearTimeout(asked.idle);
  child.ref();
  child.channel?.ref();
  const answer = Promise.withResolvers<GitOutcome>();
  const id = ++last;
  pending.set(id, answer);
  child.send({ id, run }, (error) => {
    if (error === null || !pending.delete(id)) return;
    // The question never left, so git did not run: the server was gone, its end just not seen yet.
    if (server === asked) server = undefined;
    answer.resolve(attempts > 1 ? ask(run, attempts - 1) : notRun(error.message));
  });
  return answer.promise;
}

function startServer(): Server {
  // A group of its own: what ends us by the terminal lets us still ask git for what has to be put away.
  const child = fork(ENTRY, [], { serialization: 'advanced', detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const started: Server = { child, pending: new Map(), idle: undefined };
  const end = (problem: string) => {
    if (server === started) server = undefined;
    for (const id of [...started.pending.keys()]) settle(started.pending, id, notRun(problem));
  };
  child.on('error', (error) => end(error.message));
  child.on('exit', (code, signal) => end(`the process that runs git ended (${signal ?? code})`));
  child.on('message', ({ id, outcome }: { id: number; outcome: GitOutcome }) => {
    settle(started.pending, id, outcome);
    if (started.pending.size === 0) rest(started);
  });
  return started;
}

function rest(resting: Server): void {
  resting.child.unref();
  resting.child.channel?.unref();
  resting.idle = setTimeout(() => {
    if (server === resting) server = undefined;
    if (resting.child.connected) resting.child.disconnect();
  }, IDLE_MS).unref();
}

function settle(pending: Server['pending'], id: number, outcome: GitOutcome): void {
  pending.get(id)?.resolve(outcome);
  pending.delete(id);
}

function notRun(problem: string): GitOutcome {
  return { stdout: new Uint8Array(), stderr: new Uint8Array(), problem };
}
