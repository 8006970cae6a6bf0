import { digest, type FileHashes } from '../files/file-hashes.ts';
import type { Task } from '../task/task.ts';

/** To be raised when a key means something else. */
const FORMAT = 1;

export interface KeyParts {
  readonly task: Task;
  /** Paths relative to the root of the workspace, sorted. */
  readonly inputs: readonly string[];
  /** The environment that the command gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Key and digest of the outputs of each task that this one depends on, by id. */
  readonly upstream: ReadonlyMap<string, string>;
}

/**
 * What the result of a task follows from: its command, its input files, the variables that it is given, the platform, and the same of all
 * it depends on. Equal keys, equal results, for commands that read nothing else.
 */
export function taskKey({ task, inputs, env, upstream }: KeyParts, hashes: FileHashes): string {
  return digest(
    JSON.stringify({
      format: FORMAT,
      task: task.id,
      command: task.command ?? null,
      outputs: task.outputs,
      platform: [process.platform, process.arch, process.version],
      env: Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      inputs: inputs.map((path) => [path, hashes.hash(path) ?? null]),
      upstream: [...upstream].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    }),
  );
}
