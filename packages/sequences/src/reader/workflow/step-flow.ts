import type { BeatPlan, GotoBeat } from '../../interpreter/plan.ts';
import { baseAt } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** How often a jump to an earlier step is taken in one run, so that a run always ends. */
export const MAX_BACKWARD_JUMPS = 100;
const MAX_FORWARD_JUMPS = 100_000;

/** Where the steps of one list are, and which of them are entered by a jump. */
export interface StepFlow {
  readonly ids: readonly string[];
  readonly targets: ReadonlySet<string>;
  /** The id of the place after the last step. */
  readonly end: string;
  /** Set when a step leaves for the end, so that there is a beat to go to. */
  endIsUsed: boolean;
}

const END_WORDS: readonly string[] = ['end', 'complete', 'finish', 'done', 'exit'];
const NEXT_WORDS: readonly string[] = ['next', 'continue', 'proceed'];

/**
 * How a step is left: to the step named, else on to the following one. A following step that is entered by a jump begins
 * a branch of its own, so a step before it that names no next step ends the flow.
 */
export function leave(target: JsonField | undefined, step: JsonField, index: number, flow: StepFlow, context: WorkflowContext): BeatPlan[] {
  const name = typeof target?.value === 'string' && target.value !== '' ? target.value : undefined;
  const isWord = name !== undefined && !flow.ids.includes(name);
  if (name !== undefined && !isWord) return jumpTo(name, target ?? step, index, flow, context);
  if (isWord && END_WORDS.includes(name)) return toEnd(step, index, flow, context);
  if (isWord && !NEXT_WORDS.includes(name)) {
    context.findings.unknownName('error', 'TARGET_UNKNOWN', target ?? step, 'the step', name, flow.ids);
    return [];
  }
  const following = flow.ids[index + 1];
  const beginsBranch = !isWord && following !== undefined && flow.targets.has(following);
  return beginsBranch ? toEnd(step, index, flow, context) : [];
}

function jumpTo(name: string, place: JsonField, index: number, flow: StepFlow, context: WorkflowContext): BeatPlan[] {
  const to = flow.ids.indexOf(name);
  if (to === index + 1) return [];
  const isBackward = to <= index;
  if (isBackward) {
    context.findings.add(
      'info',
      'JUMP_BACKWARD',
      place,
      `this jumps back to the step "${name}", at most ${MAX_BACKWARD_JUMPS} times in a run`,
    );
  }
  return [goto(name, place, isBackward ? MAX_BACKWARD_JUMPS : MAX_FORWARD_JUMPS, index, flow, context)];
}

function toEnd(step: JsonField, index: number, flow: StepFlow, context: WorkflowContext): BeatPlan[] {
  if (index === flow.ids.length - 1) return [];
  flow.endIsUsed = true;
  return [goto(flow.end, step, MAX_FORWARD_JUMPS, index, flow, context)];
}

function goto(target: string, place: JsonField, limit: number, index: number, flow: StepFlow, context: WorkflowContext): GotoBeat {
  const id = context.names.derive(`${flow.ids[index] ?? 'step'}:to:${target}`);
  return { form: 'goto', ...baseAt(place, id, context), target, limit };
}

/** A beat that does nothing: a step that only names a place. */
export function landing(id: string, place: JsonField, context: WorkflowContext): BeatPlan {
  return { form: 'if', ...baseAt(place, id, context), condition: {}, onTrue: [], onFalse: [] };
}
