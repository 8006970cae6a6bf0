/** Entry of a worker thread: parsing and checking of types, away from the thread whose heartbeats must not stall. */
import { parentPort, workerData } from 'node:worker_threads';
import { generateCandidates } from '../repair-search/generate-candidates.ts';
import type { ParseTask } from './parse-in-thread.ts';
import { soundCandidates } from './sound-candidates.ts';

const task: ParseTask = workerData;
if (task.kind === 'generate') parentPort?.postMessage(generateCandidates(task.texts, task.ranks, task.expected).slice(0, task.most));
else {
  const notes: string[] = [];
  parentPort?.postMessage({ sound: soundCandidates(task.candidates, task.files, task.most, notes), notes });
}
