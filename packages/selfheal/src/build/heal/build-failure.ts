import type { Task } from '@selfheal/build';
import type { DecisionProposer } from '@selfheal/contracts';
import type { HealingTree } from './healing-tree.ts';

/** A task that failed, with what it printed last. */
export interface BuildFailure {
  readonly task: Task;
  readonly log: string;
  /** Why it failed, for people. */
  readonly error: string;
}

/** Who proposes changes for one failure: each is told where to look when it is made, and decides when it is asked. */
export type BuildProposer = (tree: HealingTree, failure: BuildFailure) => DecisionProposer;
