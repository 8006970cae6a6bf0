import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildEvent, cacheIn, executeTask, openTaskRunner, partOfPlan, runBuild, type Task, type TaskResult } from '@selfheal/build';
import type { Edit } from '@selfheal/contracts';
import { applyEdits, git, gitBytes } from '@selfheal/repository';
import type { BuildContext } from '../drive.ts';
import { type PlannedBuild, planBuild } from '../plan-build.ts';

/** What a build in the copy came to. */
export interface TreeBuild {
  readonly startedAt: Date;
  readonly results: ReadonlyMap<string, TaskResult>;
}

/**
 * A private copy of a workspace as it is, uncommitted work included, in which what failed is mended and built. It shares the cache of
 * results with the workspace, so what was built there is not built again, and what is built here is known there once the patch is applied.
 */
export class HealingTree implements AsyncDisposable {
  readonly root: string;
  readonly #context: BuildContext;
  readonly #remove: () => Promise<void>;
  readonly #state: string;

  private constructor(context: BuildContext, root: string, state: string, remove: () => Promise<void>) {
    this.#context = context;
    this.root = root;
    this.#state = state;
    this.#remove = remove;
  }

  static async open(context: BuildContext): Promise<HealingTree> {
    const { takeSnapshot } = await import('../../repair/index.ts');
    const { root, dataDir } = context.place;
    const snapshot = await takeSnapshot(root, { without: [dataDir] });
    return new HealingTree(context, snapshot.root, snapshot.dataDir, async () => snapshot[Symbol.asyncDispose]());
  }

  /** The plan of the copy: a patch may have added a dependency. */
  plan(): Promise<PlannedBuild> {
    return planBuild(this.root, this.#context.config, this.#context.wanted);
  }

  /** Brings some tasks up to date, and first what they need. */
  async build(ids: readonly string[], onEvent: (event: BuildEvent) => void): Promise<TreeBuild> {
    const { concurrency, env, signal, runner, lines, place } = this.#context;
    const plan = partOfPlan((await this.plan()).plan, ids);
    const state = { folder: this.#state, cacheFolder: cacheIn(place.folder) };
    const { redaction, confine } = runner;
    const request = { root: this.root, ...state, env, redaction, force: false, ...(confine === undefined ? {} : { confine }) };
    const { runner: own, close } = await openTaskRunner(request);
    const startedAt = new Date();
    try {
      const results = await runBuild({ plan, runner: own, concurrency, onFailure: 'continue', signal, lines, onEvent });
      return { startedAt, results: new Map(results.map((result) => [result.id, result])) };
    } finally {
      await close();
    }
  }

  /** Runs another command where a task's would run. */
  async run(task: Task, command: string): Promise<void> {
    const { env, signal, runner } = this.#context;
    await executeTask({ ...runner, root: this.root, env }, { task: { ...task, command }, signal });
  }

  /** The text of a file; undefined where there is none. */
  read(file: string): Promise<string | undefined> {
    return readFile(join(this.root, file), 'utf8').catch(() => undefined);
  }

  /** Writes edits into the copy, all or nothing. Fails with PATCH_CONFLICT or PATCH_FORBIDDEN. */
  async apply(edits: readonly Edit[]): Promise<void> {
    const changed = await applyEdits(edits, (file) => readFile(join(this.root, file)).catch(() => undefined));
    for (const [file, bytes] of changed) await writeFile(join(this.root, file), bytes);
  }

  /** Files that differ from what was last kept: those that git keeps. */
  async changedFiles(): Promise<readonly string[]> {
    const names = await git(this.root, ['diff', '--name-only', '--no-renames', '-z', 'HEAD']);
    return names.split('\0').filter((name) => name !== '');
  }

  /** The text of a file as it was last kept. */
  async before(file: string): Promise<string> {
    return (await gitBytes(this.root, ['show', `HEAD:${file}`])).toString('utf8');
  }

  /** Takes back all that was not kept; outputs stay. */
  async takeBack(): Promise<void> {
    await git(this.root, ['reset', '--quiet', '--hard']);
    await git(this.root, ['clean', '--quiet', '-d', '--force', '--exclude=node_modules']);
  }

  /** Makes what was changed the state that the next cause is looked for in. */
  async keep(): Promise<void> {
    await git(this.root, ['add', '--all', '--', '.', ':(exclude,glob)**/node_modules/**', ':(exclude,glob)**/node_modules']);
    const who = ['-c', 'user.name=selfheal', '-c', 'user.email=selfheal@localhost'];
    await git(this.root, [...who, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'as mended']);
  }

  async head(): Promise<string> {
    return git(this.root, ['rev-parse', 'HEAD']);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remove();
  }
}
