import { join } from 'node:path';
import type { Redaction } from '@selfheal/contracts';
import { BuildIndex } from '../cache/build-index.ts';
import { ResultCache } from '../cache/result-cache.ts';
import type { SharedResults } from '../cache/shared/shared-results.ts';
import { FileHashes } from '../files/file-hashes.ts';
import { WorkspaceFiles } from '../files/workspace-files.ts';
import { Aside } from './aside.ts';
import { CommandServer } from './command-server.ts';

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
  readonly confine: Confine | undefined;
  readonly commands: CommandServer;
  /** Work that no task waits for; the build ends when it is done. */
  readonly aside: Aside;
}

/** What stands before the words of a command so that below `root` it can write in some folders alone. Paths are absolute. */
export type Confine = (root: string, writable: readonly string[]) => readonly string[];

export interface RunnerRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the folder with the index. */
  readonly folder: string;
  /** Absolute path of the folder of the cache, which copies of a workspace share with it; default: that in `folder`. */
  readonly cacheFolder?: string;
  /** What other machines made. */
  readonly shared?: SharedResults;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly redaction: () => Promise<Redaction>;
  readonly force: boolean;
  /** Without it commands write where they like. */
  readonly confine?: Confine;
}

export interface OpenRunner {
  readonly runner: TaskRunner;
  /** Waits for what is done aside and writes the index. Gives what went wrong there, for people. */
  close(): Promise<readonly string[]>;
}

/** Opens what earlier builds left, and lists the files of the workspace. */
export async function openTaskRunner(request: RunnerRequest): Promise<OpenRunner> {
  const { root, folder, cacheFolder, shared, env, redaction, force, confine } = request;
  const [index, files] = await Promise.all([BuildIndex.open(folder), WorkspaceFiles.open(root)]);
  const hashes = new FileHashes(root, index.files);
  const aside = new Aside();
  const commands = new CommandServer();
  const cache = new ResultCache(cacheFolder ?? cacheIn(folder), root, shared);
  return {
    runner: { root, env, files, index, hashes, cache, redaction, force, confine, commands, aside },
    close: async () => {
      files.close();
      commands.close();
      aside.add('the index of the build cannot be written', async () => index.save(hashes.entries, hashes.hasChanged));
      return [...(await aside.done()), ...((await shared?.done()) ?? [])];
    },
  };
}

/** The cache of results in the folder of builds. */
export function cacheIn(folder: string): string {
  return join(folder, 'cache');
}
