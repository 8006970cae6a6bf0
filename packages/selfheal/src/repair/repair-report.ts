import type { Edit } from '@selfheal/contracts';
import type { PatchEvidence, ReliabilityBin } from '@selfheal/repair';

/** A line and why it is suspected; `score` is of use only against other lines. */
export interface RankedLine {
  readonly file: string;
  readonly line: number;
  readonly score: number;
  readonly why: string;
}

/** A patch that makes every test pass that can be made to. */
export interface RepairPatch {
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly edits: readonly Edit[];
  readonly diff: string;
  /** Probability that it is right, 0..1. */
  readonly confidence: number;
  readonly why: string;
  /** What the confidence was computed from; absent where only the compiler tells. */
  readonly evidence?: PatchEvidence;
  /** What patches with such a confidence were worth when the model was tried; absent where none was seen. */
  readonly history?: ReliabilityBin;
  /** What the repository's own test command showed with it; absent where it was not run for this patch. */
  readonly proof?: {
    readonly passed: number;
    readonly fixed: readonly string[];
    readonly broken: readonly string[];
    /** The repository's own check of its types, which found nothing new. */
    readonly compiles?: string;
  };
}

export interface RepairReport {
  /** offered: a proven patch; abstained: patches that pass, none trusted enough; none: nothing passes; healthy: no test fails and everything compiles. */
  readonly status: 'offered' | 'abstained' | 'none' | 'healthy';
  readonly reason: string;
  /** The search was stopped from outside: what follows is what was found until then. */
  readonly stopped: boolean;
  readonly failing: readonly string[];
  /** Files that do not parse and messages of the compiler. */
  readonly compileErrors: number;
  /** Best first; the first is the one offered. */
  readonly patches: readonly RepairPatch[];
  readonly locations: {
    /** Before any edit was tried, and with what the edits showed. */
    readonly before: readonly RankedLine[];
    readonly after: readonly RankedLine[];
  };
  readonly candidates: {
    readonly made: number;
    readonly tried: number;
    /** Of those tried, the ones that an earlier run, cut off, had tried already. */
    readonly recalled: number;
    readonly perSecond: number;
    readonly plausible: number;
    /** How edits were tried: in the warm process, by a run of the test command each, or by the compiler alone. */
    readonly mode: 'warm' | 'process' | 'compile';
  };
  readonly durationsMs: {
    readonly start: number;
    readonly baseRun: number;
    /** From the very start: the copy, the base run and the search up to it. */
    readonly firstPlausible?: number;
    readonly search: number;
    readonly judge: number;
    readonly total: number;
  };
  readonly seed: number;
}
