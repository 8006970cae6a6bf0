import type { Json, RawEvent, TelemetryEvent } from '@selfheal/contracts';
import { bounded } from './bounded-json.ts';
import { millisecondsOf } from './duration.ts';
import { fieldNames } from './field-names.ts';
import type { FieldView } from './field-view.ts';
import { OUTCOME } from './spoken-words.ts';

const WAIT_NAMES = fieldNames('waitMs', 'wait_ms');
const OUTCOME_NAMES = fieldNames('outcome', 'event.outcome');
const STATUS_NAMES = fieldNames('status', 'state');
const PHASE_NAMES = fieldNames('phase');
const SUCCESS_NAMES = fieldNames('success', 'ok', 'succeeded');

export type Outcome = NonNullable<TelemetryEvent['outcome']>;

/** What a record says was running. */
export interface Call {
  readonly handler: string | undefined;
  readonly sequence: string | undefined;
  readonly beat: number | string | undefined;
  readonly event: string | undefined;
  readonly step: string | undefined;
  readonly operation: string | undefined;
  readonly outcome: Outcome | undefined;
  readonly durationMs: number | undefined;
  readonly waitMs: number | undefined;
  readonly input: Json | undefined;
  readonly output: Json | undefined;
}

const HANDLER_NAMES = fieldNames(
  'handler',
  'handlerName',
  'handler_name',
  'functionName',
  'function_name',
  'code.function',
  'code.function.name',
  'fn',
  'func',
  'function',
  'action',
);
const SEQUENCE_NAMES = fieldNames(
  'sequence',
  'sequenceName',
  'sequence_name',
  'sequenceId',
  'sequence_id',
  'seq',
  'workflow',
  'workflowName',
  'workflow_name',
  'workflowType',
  'flow',
  'flowName',
  'saga',
  'pipeline',
);
const BEAT_NAMES = fieldNames('beat', 'beatNumber', 'beat_number', 'beatId');
const STEP_NAMES = fieldNames('step', 'stepName', 'step_name', 'stage', 'activity', 'activityName', 'activityType');
const EVENT_NAMES = fieldNames('event', 'eventName', 'event_name', 'eventType', 'event_type', 'event.name', 'event.action');
const OPERATION_NAMES = fieldNames(
  'operation',
  'operationName',
  'operation_name',
  'op',
  'task',
  'taskName',
  'job',
  'jobName',
  'job_name',
  'command',
);
const INPUT_NAMES = fieldNames('input', 'inputs', 'args', 'arguments', 'params', 'parameters', 'payload');
const OUTPUT_NAMES = fieldNames('output', 'outputs', 'result', 'returned', 'returnValue', 'return_value');

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  started: 'started',
  start: 'started',
  begin: 'started',
  running: 'started',
  ok: 'ok',
  success: 'ok',
  succeeded: 'ok',
  successful: 'ok',
  completed: 'ok',
  complete: 'ok',
  done: 'ok',
  finished: 'ok',
  error: 'error',
  errored: 'error',
  failed: 'error',
  fail: 'error',
  failure: 'error',
};
/** Their words are told by spoken-words.ts. */
const STARTS = /\b(?:start(?:ed|ing)?|begin(?:ning)?|began|enter(?:ed|ing))\b/i;
const FAILS = /\b(?:fail(?:ed|s|ure)|errored|threw|crashed|timed out)\b/i;
const ENDS = /\b(?:completed?|finished|succeeded|done|ended|exited)\b/i;
/** `chargeCard completed in 12ms`, `reserveStock took 3.5 ms`. */
const SPOKEN =
  /^([A-Za-z_$][\w$.:-]{1,120}) (?:completed|finished|took|done|executed|ran|succeeded|failed)(?: in| after)? ([\d.]+ ?(?:ms|s|us|µs))\b/;

/** `subjects`: what the text may speak of. */
export function callOf(view: FieldView, raw: RawEvent, subjects: number): Call {
  const sequence = view.name(SEQUENCE_NAMES);
  const handler = view.name(HANDLER_NAMES);
  const event = view.name(EVENT_NAMES);
  const beat = beatOf(view.value(BEAT_NAMES));
  const spoken = raw.text.length < 400 ? SPOKEN.exec(raw.text) : null;
  return {
    handler: handler ?? (spoken?.[1] !== undefined && !STARTS.test(spoken[1]) && sequence === undefined ? spoken[1] : undefined),
    sequence: sequence?.replace(/ \(Batched\)$/i, ''),
    beat,
    event,
    step: stepOf(view, { event, handler, sequence, beat }),
    operation: view.name(OPERATION_NAMES),
    outcome: outcomeOf(view, raw.text, subjects),
    durationMs: millisecondsOf(spoken?.[2], 1),
    waitMs: millisecondsOf(view.value(WAIT_NAMES), 1),
    input: bounded(view.value(INPUT_NAMES)),
    output: bounded(view.value(OUTPUT_NAMES)),
  };
}

/** A step's name: declared by the line, else its event (where it is part of a flow), else its handler. */
function stepOf(
  view: FieldView,
  {
    event,
    handler,
    sequence,
    beat,
  }: { event: string | undefined; handler: string | undefined; sequence: string | undefined; beat: unknown },
): string | undefined {
  const inFlow = sequence !== undefined || beat !== undefined;
  if (inFlow && event !== undefined) return event;
  return view.name(STEP_NAMES) ?? handler ?? (inFlow && beat !== undefined ? `beat ${String(beat)}` : undefined);
}

function beatOf(value: Json | undefined): number | string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : String(value);
  if (typeof value !== 'string') return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function outcomeOf(view: FieldView, text: string, subjects: number): Outcome | undefined {
  const told = toldOutcome(view.value(OUTCOME_NAMES)) ?? toldOutcome(view.value(STATUS_NAMES)) ?? toldOutcome(view.value(PHASE_NAMES));
  if (told !== undefined) return told;
  const success = view.value(SUCCESS_NAMES);
  if (typeof success === 'boolean') return success ? 'ok' : 'error';
  if ((subjects & OUTCOME) === 0) return undefined;
  const words = text.slice(0, 200);
  if (FAILS.test(words)) return 'error';
  if (ENDS.test(words)) return 'ok';
  return STARTS.test(words) ? 'started' : undefined;
}

function toldOutcome(value: Json | undefined): Outcome | undefined {
  return typeof value === 'string' ? OUTCOMES[value.toLowerCase()] : undefined;
}
