import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildEvent, TaskState } from '../run/build-event.ts';
import type { TaskPlan } from '../task/plan-tasks.ts';

/** What is told of a build while it runs: a line of JSON each. Times are milliseconds since 1970. */
export type BuildChange =
  | {
      readonly kind: 'begun';
      readonly buildId: string;
      readonly at: number;
      readonly pid: number;
      readonly concurrency: number;
      readonly tasks: readonly { readonly id: string; readonly dependsOn: readonly string[] }[];
    }
  | { readonly kind: 'task'; readonly at: number; readonly id: string; readonly state: 'running' | TaskState; readonly tookMs?: number }
  | { readonly kind: 'over'; readonly at: number };

/** Changes are written together, so long after the first of them. */
const TOGETHER_MS = 200;

export interface ChangeStreamSettings {
  /** Of what is kept of builds. */
  readonly folder: string;
  readonly buildId: string;
  readonly startedAt: Date;
  readonly plan: TaskPlan;
  readonly concurrency: number;
}

/**
 * Tells whoever looks on how a build goes, through a file beside its state (`changes.jsonl`), whoever schedules it. A build in which nothing
 * is run leaves none. What cannot be written is not told: nobody's build fails for it.
 */
export class ChangeStream {
  readonly #run: string;
  readonly #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #written = false;
  #ran = false;

  constructor({ folder, buildId, startedAt, plan, concurrency }: ChangeStreamSettings) {
    this.#run = changesFolder(folder, buildId);
    const tasks = [...plan.tasks.values()].map(({ id, dependsOn }) => ({ id, dependsOn }));
    this.#add({ kind: 'begun', buildId, at: startedAt.getTime(), pid: process.pid, concurrency, tasks });
  }

  take(event: BuildEvent): void {
    const at = Date.now();
    if (event.kind === 'started') this.#add({ kind: 'task', at, id: event.id, state: 'running' });
    if (event.kind !== 'ended') return;
    const { id, state, startedMs, endedMs } = event.result;
    this.#ran ||= state !== 'cached';
    this.#add({
      kind: 'task',
      at,
      id,
      state,
      ...(startedMs === undefined || endedMs === undefined ? {} : { tookMs: endedMs - startedMs }),
    });
  }

  close(): void {
    this.#add({ kind: 'over', at: Date.now() });
    clearTimeout(this.#timer);
    if (this.#ran) this.#write();
    else if (this.#written) rmSync(changesFile(this.#run), { force: true });
  }

  #add(change: BuildChange): void {
    this.#lines.push(`${JSON.stringify(change)}\n`);
    this.#timer ??= setTimeout(() => this.#write(), TOGETHER_MS).unref();
  }

  #write(): void {
    this.#timer = undefined;
    try {
      if (!this.#written) mkdirSync(this.#run, { recursive: true });
      this.#written = true;
      appendFileSync(changesFile(this.#run), this.#lines.splice(0).join(''));
    } catch {
      // Nobody's build fails because nobody can look on.
    }
  }
}

export function changesFolder(folder: string, buildId: string): string {
  return join(folder, 'runs', buildId);
}

export function changesFile(run: string): string {
  return join(run, 'changes.jsonl');
}
