import type { BuildEvent, BuildLogs, BuildProgress, TaskEnd, TaskPlan, TaskResult, TaskRunner } from '@selfheal/build';
import type { FailurePolicy } from '@selfheal/build-graph';
import type { BuildConfig } from '@selfheal/contracts';
import type { BuildFolder } from './build-folder.ts';

/** What a build needs, whoever schedules it. */
export interface BuildContext {
  readonly place: BuildFolder;
  readonly config: Partial<BuildConfig>;
  /** What was asked for. */
  readonly wanted: { readonly tasks: readonly string[]; readonly filters: readonly string[] };
  readonly plan: TaskPlan;
  readonly runner: TaskRunner;
  /** Tasks that are up to date already. */
  readonly known: ReadonlyMap<string, TaskEnd>;
  /** Set where the build is one that has been before. */
  readonly buildId?: string;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signal: AbortSignal;
  readonly lines: boolean;
  readonly onEvent: (event: BuildEvent, progress: () => BuildProgress) => void;
  readonly onNotice: (line: string) => void;
  /** Told before anything is run. */
  readonly onBegin: (buildId: string, startedAt: Date) => void;
  readonly logsOf: (buildId: string) => BuildLogs;
}

/** A build that is over. */
export interface DrivenBuild {
  readonly buildId: string;
  readonly startedAt: Date;
  readonly results: readonly TaskResult[];
  readonly logs: BuildLogs;
}
