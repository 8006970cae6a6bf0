import type { ApprovalBeat, BeatPlan, ErrorHandling, HandlerBeat, SequenceStatus } from '../../interpreter/plan.ts';
import { nearestName } from '../../nearest.ts';
import { baseAt, resolveHandler } from '../foreign/foreign-context.ts';
import { readForeignRetry } from '../foreign/retry.ts';
import { mappedTemplate } from '../foreign/templates.ts';
import type { JsonField } from '../json-field.ts';
import { landing } from './step-flow.ts';
import { readWorkflowDuration, type WorkflowContext } from './workflow-context.ts';

/** What an action says of the whole run. */
const VERDICTS: Readonly<Record<string, SequenceStatus>> = {
  ...verdict('completed', 'allow', 'approve', 'accept', 'complete', 'finish', 'end', 'succeed', 'success'),
  ...verdict('stopped', 'stop', 'halt', 'cancel', 'abort', 'terminate', 'exit'),
  ...verdict('rejected', 'reject', 'block', 'deny', 'refuse', 'decline', 'fail'),
};
const GO_ON: readonly string[] = ['continue', 'proceed', 'next', 'pass', 'noop', 'skip', 'execute', 'run'];
const ASK: readonly string[] = ['require_approval', 'request_approval', 'approval'];
const ACTIONS: readonly string[] = [...Object.keys(VERDICTS), ...GO_ON, ...ASK];

function verdict(status: SequenceStatus, ...words: readonly string[]): Record<string, SequenceStatus> {
  return Object.fromEntries(words.map((word) => [word, status]));
}

/**
 * An action: its `execute` handlers, then what the action says. A verdict (allow, stop, block …) ends the run; with a `next`
 * step it is kept and the run goes on.
 */
export function readAction(step: JsonField, id: string, hasNext: boolean, after: () => BeatPlan[], context: WorkflowContext): BeatPlan[] {
  const action = step.get('action');
  const place = action?.isObject ? (action.first('action', 'type', 'name') ?? action) : action;
  const word = typeof place?.value === 'string' ? place.value.toLowerCase() : undefined;
  const handlers = step.has('execute') ? readExecute(step, id, context) : [];
  const ownId = handlers.length === 0 ? id : context.names.derive(`${id}:verdict`);
  if (word === undefined || place === undefined) {
    if (handlers.length === 0)
      context.findings.add('error', 'PROPERTY_MISSING', step, '"action" is missing', { expected: 'an object with action and reason' });
    return [...handlers, ...after()];
  }
  const status = Object.hasOwn(VERDICTS, word) ? VERDICTS[word] : undefined;
  if (status) {
    const reason = mappedTemplate(action?.get('reason')?.value, context.scope);
    const base = baseAt(step, ownId, context);
    const stop: BeatPlan = { form: 'stop', ...base, status, ...(reason !== undefined && reason !== '' && { reason }), final: !hasNext };
    return [...handlers, stop, ...(hasNext ? after() : [])];
  }
  if (ASK.includes(word) && !asksItself(step)) return [...handlers, approval(step, ownId, context), ...after()];
  if (GO_ON.includes(word) || ASK.includes(word)) return [...(handlers.length === 0 ? [landing(id, step, context)] : handlers), ...after()];
  return [...handlers, ...readOtherAction(word, place, step, ownId, context), ...after()];
}

/** A step whose handlers ask for the approval; a later wait step waits for the answer. */
function asksItself(step: JsonField): boolean {
  return (step.get('execute')?.items() ?? []).some((entry) => /approval/.test(entry.text('type') ?? ''));
}

function approval(step: JsonField, id: string, context: WorkflowContext): ApprovalBeat {
  const reason = mappedTemplate(step.at('action', 'reason')?.value, context.scope);
  const timeoutMs = readWorkflowDuration(step.get('timeout'), context);
  const decision = timeoutMs === undefined ? {} : { decisionTimeoutMs: timeoutMs };
  return {
    form: 'approval',
    ...baseAt(step, id, context),
    prompt: reason ?? step.text('name') ?? id,
    ...decision,
    onTimeout: 'reject',
    onReject: 'reject',
  };
}

/** An action of any other name is a handler where one is registered under it. */
function readOtherAction(word: string, place: JsonField, step: JsonField, id: string, context: WorkflowContext): BeatPlan[] {
  const written = place.shown;
  if (context.handlers?.has(written)) return [handlerBeat(written, step.get('action'), step, id, context)];
  context.findings.add('error', 'VALUE_INVALID', place, `the action "${written}" is not known`, {
    expected: `one of ${ACTIONS.join(', ')}`,
    nearest: nearestName(word, ACTIONS),
  });
  return [];
}

/** The handlers that a step executes, in order; the first carries the step's id, so that jumps find it. */
export function readExecute(step: JsonField, id: string, context: WorkflowContext): BeatPlan[] {
  const execute = step.get('execute');
  const entries = execute?.isArray ? execute.items() : [execute?.isObject ? execute : step];
  const beats = entries.flatMap((entry, index): HandlerBeat | [] => {
    const place =
      typeof entry.value === 'string' ? entry : entry.first('handler', ...(entry === step ? ['action'] : ['type', 'action', 'name']));
    if (typeof place?.value !== 'string' || place.value === '') {
      context.findings.add('error', 'PROPERTY_MISSING', entry, 'this names no handler', { expected: 'a "type" or "handler"' });
      return [];
    }
    return handlerBeat(
      resolveHandler(place.value, place, context),
      entry === step ? undefined : entry,
      step,
      index === 0 ? id : context.names.derive(id),
      context,
    );
  });
  return beats.length === 0 ? [landing(id, step, context)] : beats;
}

const NOT_INPUT: ReadonlySet<string> = new Set(['type', 'handler', 'retry', 'timeout', 'on_error']);

function handlerBeat(handler: string, entry: JsonField | undefined, step: JsonField, id: string, context: WorkflowContext): HandlerBeat {
  const title = step.text('name');
  const retryField = entry?.get('retry') ?? step.get('retry');
  const retry = retryField && readForeignRetry(retryField, context.findings);
  const timeoutMs = readWorkflowDuration(entry?.get('timeout') ?? step.get('timeout'), context);
  const input = inputOf(entry ?? step.get('input') ?? step.get('params'), context);
  return {
    form: 'handler',
    ...baseAt(step, id, context),
    timing: 'async',
    ...(title !== undefined && { title }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    errorHandling: errorHandlingOf(step, context),
    handler,
    kind: 'stage-crew',
    ...(input && { input }),
  };
}

function inputOf(entry: JsonField | undefined, context: WorkflowContext): Record<string, unknown> | undefined {
  const fields = [...(entry?.properties() ?? [])].filter(([name]) => !NOT_INPUT.has(name));
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map(([name, field]) => [name, mappedTemplate(field.value, context.scope)]));
}

function errorHandlingOf(step: JsonField, { findings }: WorkflowContext): ErrorHandling {
  const place = step.first('on_error', 'on_failure', 'error_handling');
  if (!place || place.value === 'abort' || place.value === 'fail' || place.value === 'stop') return 'abort';
  if (place.value === 'continue' || place.value === 'ignore') return 'continue';
  findings.add('warning', 'NOT_SUPPORTED', place, `"${place.shown}" after an error is not built; an error ends the run here`);
  return 'abort';
}
