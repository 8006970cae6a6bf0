import type { BeatPlan } from '../../interpreter/plan.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';
import type { BeatNames } from '../names.ts';
import type { Visible } from './visible.ts';

/** What reading one document of our own format shares. */
export interface OwnContext {
  readonly findings: Findings;
  readonly names: BeatNames;
  readonly handlers: ReadonlySet<string> | undefined;
  readonly sequences: readonly string[] | undefined;
  /** Reads a list of beats that run in order; handed in, because beats hold lists. */
  readonly readList: (beats: readonly JsonField[], visible: Visible, context: OwnContext) => ReadList;
}

/** Beats, and what a path may begin with after them. */
export interface ReadList {
  readonly beats: readonly BeatPlan[];
  readonly visible: Visible;
}

/** A beat, undefined where it has errors, and what a path may begin with after it. */
export interface ReadBeat {
  readonly beat: BeatPlan | undefined;
  readonly visible: Visible;
}
