import type { WaitBeat, WaitTimeout } from '../../interpreter/plan.ts';
import { baseAt } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import type { StepFlow } from './step-flow.ts';
import { readWorkflowDuration, type WorkflowContext } from './workflow-context.ts';

const TIMEOUT_WORDS: Readonly<Record<string, WaitTimeout>> = {
  continue: 'continue',
  proceed: 'continue',
  next: 'continue',
  skip: 'continue',
  allow: 'continue',
  fail: 'fail',
  error: 'fail',
  abort: 'fail',
  stop: 'stop',
  end: 'stop',
  cancel: 'stop',
  reject: 'reject',
  block: 'reject',
  deny: 'reject',
};

/** A wait for an event, with what happens when it does not come, or for a time. */
export function readWaitStep(step: JsonField, id: string, index: number, flow: StepFlow, context: WorkflowContext): WaitBeat {
  const wait = step.get('wait');
  const body = wait?.isObject ? wait : step;
  const event = body.text('event');
  const title = step.text('name');
  const base = { form: 'wait' as const, ...baseAt(step, id, context), ...(title !== undefined && { title }) };
  if (event !== undefined) {
    const eventTimeoutMs = readWorkflowDuration(body.get('timeout') ?? step.get('timeout'), context);
    return {
      ...base,
      awaitedEvent: event,
      ...(eventTimeoutMs !== undefined && { eventTimeoutMs }),
      onTimeout: timeoutOf(body.get('on_timeout'), flow, index, context),
    };
  }
  const duration = wait?.isObject || !wait ? body.first('duration', 'delay', 'for', 'seconds', 'timeout') : wait;
  if (!duration)
    context.findings.add('error', 'PROPERTY_MISSING', wait ?? step, 'this wait is for nothing', { expected: 'an event or a duration' });
  return { ...base, ms: readWorkflowDuration(duration, context) ?? 0, onTimeout: 'fail' };
}

function timeoutOf(place: JsonField | undefined, flow: StepFlow, index: number, { findings }: WorkflowContext): WaitTimeout {
  if (typeof place?.value !== 'string' || place.value === '') return 'fail';
  const target = place.value;
  const to = flow.ids.indexOf(target);
  if (to > index) return { goto: target };
  if (to !== -1) {
    findings.add('error', 'JUMP_BACKWARD', place, `a wait that times out cannot jump back to "${target}", because the run might never end`);
    return 'fail';
  }
  const word = target.toLowerCase();
  const known = Object.hasOwn(TIMEOUT_WORDS, word) ? TIMEOUT_WORDS[word] : undefined;
  if (!known) findings.unknownName('error', 'TARGET_UNKNOWN', place, 'the step', target, [...flow.ids, ...Object.keys(TIMEOUT_WORDS)]);
  return known ?? 'fail';
}
