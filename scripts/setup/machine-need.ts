import type { SetupMemory } from './setup-memory.ts';

export type Task = 'start' | 'test' | 'bench' | 'setup';

/** What a need may use to look and to install. */
export interface SetupContext {
  readonly root: string;
  readonly task: Task;
  readonly env: NodeJS.ProcessEnv;
  readonly userId: number | undefined;
  readonly memory: SetupMemory;
  /** Tells the user one line. */
  readonly say: (line: string) => void;
}

/** Something outside node_modules that a task needs. */
export interface MachineNeed {
  /** The tasks that cannot run at all without it. */
  readonly requiredBy: readonly Task[];
  /** Sees to it; returns one line on how to get it where that failed. */
  readonly ensure: (context: SetupContext) => Promise<string | undefined>;
}
