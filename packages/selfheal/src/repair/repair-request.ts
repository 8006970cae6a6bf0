import type { SelfhealConfigInput } from '@selfheal/contracts';

export interface RepairRequest {
  readonly repo: string;
  /** The test command, or a check of types; by default what the repository says. */
  readonly test?: string;
  readonly budgetMs?: number;
  readonly seed?: number;
  /** A patch below this confidence is shown but not offered, 0..1; by default `policy.minRepairConfidence`. */
  readonly leastConfidence?: number;
  /** Folder where outcomes of candidates are kept until the search has ended, so that a run that was cut off goes on. */
  readonly dataDir?: string;
  /** Folders of the repository that are no part of what is repaired, relative to it. */
  readonly leaveOut?: readonly string[];
  readonly overrides?: SelfhealConfigInput;
  /** Ends the search; the report tells what was found until then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}
