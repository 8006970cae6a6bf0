import { join } from 'node:path';
import type { FailurePolicy } from '@selfheal/build-graph';
import { BuildIndex } from './cache/build-index.ts';
import { FileHashes } from './cache/file-hashes.ts';
import { listFiles } from './cache/list-files.ts';
import { ResultCache } from './cache/result-cache.ts';
import { type BuildEvent, runBuild, type TaskResult } from './run/run-build.ts';
import type { TaskPlan } from './task/plan-tasks.ts';

export interface BuildRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of selfheal's own state. */
  readonly dataDir: string;
  readonly plan: TaskPlan;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly force: boolean;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly redact: (line: string) => string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
}

/** Builds in this process, with what earlier builds left in the data folder. */
export async function build(request: BuildRequest): Promise<readonly TaskResult[]> {
  const { root, dataDir, plan, env, redact, force } = request;
  const folder = join(dataDir, 'build');
  const [index, lists] = await Promise.all([BuildIndex.open(folder), listFiles(root, '.')]);
  const hashes = new FileHashes(root, index.files);
  const rootFiles = lists.sources.filter((path) => !path.includes('/'));
  const runner = { root, env, lists, rootFiles, index, hashes, cache: new ResultCache(folder, root), redact, force };
  const { concurrency, onFailure, signal, onEvent } = request;
  try {
    return await runBuild({ plan, runner, concurrency, onFailure, signal, onEvent });
  } finally {
    await index.save(hashes.entries(), hashes.hasChanged);
  }
}
