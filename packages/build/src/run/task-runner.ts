import { join } from 'node:path';
import type { Redaction } from '@selfheal/contracts';
import { BuildIndex } from '../cache/build-index.ts';
import { ResultCache } from '../cache/result-cache.ts';
import { FileHashes } from '../files/file-hashes.ts';
import { WorkspaceFiles } from '../files/workspace-files.ts';

/** What the tasks of one build share. */
export interface TaskRunner {
  /** Absolute. */
  readonly root: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly files: WorkspaceFiles;
  readonly index: BuildIndex;
  readonly hashes: FileHashes;
  readonly cache: ResultCache;
  /** Hides secrets in output. Loaded when there is some. */
  readonly redaction: () => Promise<Redaction>;
  /** Run again whatever is known. */
  readonly force: boolean;
  /** Does work that no other task waits for; the build ends when it is done. A failure costs no more than that a result is not kept. */
  readonly aside: (what: string, work: () => Promise<void>) => void;
}

export interface RunnerRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the folder with the index and the cache. */
  readonly folder: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly redaction: () => Promise<Redaction>;
  readonly force: boolean;
}

export interface OpenRunner {
  readonly runner: TaskRunner;
  /** Waits for what is done aside and writes the index. Gives what went wrong there, for people. */
  close(): Promise<readonly string[]>;
}

/** Opens what earlier builds left, and lists the files of the workspace. */
export async function openTaskRunner({ root, folder, env, redaction, force }: RunnerRequest): Promise<OpenRunner> {
  const [index, files] = await Promise.all([BuildIndex.open(folder), WorkspaceFiles.open(root)]);
  const hashes = new FileHashes(root, index.files);
  const under = new Set<Promise<void>>();
  const faults: string[] = [];
  const fault = (what: string) => (error: unknown) =>
    void faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  const aside: TaskRunner['aside'] = (what, work) => {
    const done = work().catch(fault(what));
    under.add(done);
    void done.finally(() => under.delete(done));
  };
  const cache = new ResultCache(join(folder, 'cache'), root);
  return {
    runner: { root, env, files, index, hashes, cache, redaction, force, aside },
    close: async () => {
      await Promise.all(under);
      files.close();
      await index.save(hashes.entries, hashes.hasChanged).catch(fault('the index of the build cannot be written'));
      return faults;
    },
  };
}
