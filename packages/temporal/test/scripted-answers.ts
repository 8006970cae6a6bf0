import { createHash } from 'node:crypto';
import { allBeats, type SequencePlan } from '@selfheal/sequences';

export type Scenario = 'answering' | 'failing';

/**
 * What a scripted handler answers: every field that some document reads of a beat with it, with a value that handler, field and scenario
 * decide. In the scenario `failing` one handler of each document fails (of two in parallel branches, which one is first would be chance); what is compared is a number.
 */
export function answersOf(
  plans: readonly SequencePlan[],
  handler: string,
  scenario: Scenario,
  input: unknown,
): { output: Record<string, unknown>; error?: string } {
  const about = `${scenario} ${handler}`;
  if (scenario === 'failing' && plans.some((plan) => failingHandler(plan) === handler))
    return { output: {}, error: `${handler} does not want to` };
  const text = plans.map((plan) => JSON.stringify(plan.movements)).join('\n');
  const beats = plans.flatMap((plan) => [...JSON.stringify(plan.movements).matchAll(BEAT)]);
  const ids = new Set([handler, ...beats.filter((match) => match[2] === handler).map((match) => match[1] ?? '')]);
  const fields = [...text.matchAll(/\$\.(?:baton\.)?([\w-]+)\.(\w+)/g)]
    .filter(([, beat = '']) => ids.has(beat))
    .map(([, , field = '']) => field);
  const lists = new Set(
    [...text.matchAll(/"items":"\$\.[\w-]+\.(\w+)"|\.(\w+)","operator":"contains"/g)].map(([, items, held]) => items ?? held ?? ''),
  );
  const numbers = new Set([...text.matchAll(/\.(\w+)","operator":"[gl]te?"/g)].map(([, field = '']) => field));
  const output = Object.fromEntries(
    fields.map((field) => [field, scriptedValue(`${about} ${field}`, lists.has(field), numbers.has(field))]),
  );
  return { output: { ...output, [`${handler.replaceAll(/\W/g, '_')}Saw`]: digest(JSON.stringify(input)) } };
}

const BEAT = /"form":"handler","id":"([^"]+)"(?:[^{}]|\{[^{}]*\})*?"handler":"([^"]+)"/g;

function failingHandler(plan: SequencePlan): string | undefined {
  const handlers = allBeats(plan).flatMap((beat) => (beat.form === 'handler' ? [beat.handler] : []));
  return handlers.toSorted((a, b) => digest(a) - digest(b))[0];
}

function scriptedValue(about: string, list: boolean, compared: boolean): unknown {
  const number = digest(about);
  if (list)
    return [
      { id: `c${number % 7}`, email: 'a@acme.example' },
      { id: `c${number % 11}`, email: 'b@acme.example' },
    ];
  if (compared) return number % 200;
  return [number % 200, true, `text ${number % 100}`, ['EUR'], false][number % 5];
}

function digest(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
