import { Worker } from 'node:worker_threads';
import { type Candidate, SelfhealError, type SourceSnapshot } from '@selfheal/contracts';
import type { LineRank } from '../rank-lines/rank-lines.ts';
import type { RepairCandidate } from '../repair-search/repair-candidate.ts';

export interface GenerateTask {
  readonly kind: 'generate';
  readonly texts: ReadonlyMap<string, string>;
  readonly ranks: readonly LineRank[];
  readonly expected: readonly string[];
  readonly most: number;
}

export interface SoundTask {
  readonly kind: 'sound';
  readonly candidates: readonly Candidate[];
  readonly files: SourceSnapshot['files'];
  readonly most: number;
}

export type ParseTask = GenerateTask | SoundTask;

const ENTRY = new URL(`./parse.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
const HEAP_MB = 1_024;

/** The best edits of the suspected lines; see generateCandidates. Fails with CANCELLED. */
export function generateInThread(task: Omit<GenerateTask, 'kind'>, signal: AbortSignal): Promise<RepairCandidate[]> {
  return inThread<RepairCandidate[]>({ kind: 'generate', ...task }, signal);
}

export interface SoundResult {
  readonly sound: Candidate[];
  /** Why each of the others was left out. */
  readonly notes: string[];
}

/** Those that parse and bring no type error; see soundCandidates. Fails with CANCELLED. */
export function soundInThread(task: Omit<SoundTask, 'kind'>, signal: AbortSignal): Promise<SoundResult> {
  return inThread<SoundResult>({ kind: 'sound', ...task }, signal);
}

/** A thread of its own for each task: there are few, and the compiler's memory is given back with it. */
async function inThread<Result>(task: ParseTask, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw cancelled();
  const worker = new Worker(ENTRY, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const result = new Promise<Result>((resolve, reject) => {
    worker.once('message', (message: Result) => resolve(message));
    worker.once('error', reject);
    // After an answer this changes nothing.
    worker.once('exit', () => reject(cancelled()));
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
  });
  try {
    return await result;
  } finally {
    await worker.terminate();
  }
}

function cancelled(): SelfhealError {
  return new SelfhealError('CANCELLED', 'the search for a fix was stopped');
}
