import { allBeats } from '../interpreter/all-beats.ts';
import { SPREAD } from '../interpreter/mapping.ts';
import type { HandlerBeat, SequencePlan } from '../interpreter/plan.ts';
import { remediatedBeats } from '../interpreter/remediated-beats.ts';
import { block, docComment, indent, key, linesOf, quote } from './print.ts';

/** The interface that the workflows call: one function for each handler, with the fields that beats give it. */
export function printActivities(plans: readonly SequencePlan[]): string {
  const handlers = Map.groupBy(
    plans.flatMap((plan) => allBeats(plan).filter((beat) => beat.form === 'handler')),
    ({ handler }) => handler,
  );
  const remediated = new Set(plans.flatMap((plan) => [...remediatedBeats(plan).keys()].map(({ handler }) => handler)));
  const members = [...handlers].flatMap(([handler, beats]) => [
    ...docComment(describe(beats)),
    `${key(handler)}(input: ${inputType(beats, remediated.has(handler))}): Promise<unknown>;`,
  ]);
  return [
    ...docComment(
      'What the workflows ask of the world. Each is an activity of its own name; Temporal runs it, times it and tries it again.',
    ),
    ...linesOf(block('export interface Activities', members)),
    '',
    ...docComment('Their names, so that a worker can say which one is missing.'),
    'export const ACTIVITY_NAMES: readonly (keyof Activities)[] = [',
    ...indent([...handlers.keys()].map((handler) => `${quote(handler)},`)),
    '];',
    '',
  ].join('\n');
}

function describe(beats: readonly HandlerBeat[]): string {
  const events = [...new Set(beats.flatMap(({ event }) => event ?? []))];
  const about = beats[0]?.kind === 'pure' ? 'Computes on its input alone' : 'Has effects; may be called again after a failure';
  return events.length === 0 ? `${about}.` : `${about}. Event: ${events.join(', ')}.`;
}

/** Fields of all beats that call it; a beat that hands on everything gives any field, and so may a decision that runs it again. */
function inputType(beats: readonly HandlerBeat[], remediated: boolean): string {
  const open = remediated || beats.some(({ input }) => input === undefined || Object.hasOwn(input, SPREAD));
  const fields = [...new Set(beats.flatMap(({ input }) => Object.keys(input ?? {})))].filter((field) => field !== SPREAD);
  const members = fields.map((field) => `readonly ${key(field)}?: unknown`);
  if (open) members.push('readonly [field: string]: unknown');
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`;
}
