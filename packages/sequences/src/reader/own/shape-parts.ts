import { aiRemediationOptions } from '@selfheal/contracts';
import { z } from 'zod';
import { OPERATORS } from '../../interpreter/plan.ts';
import { DURATION_PATTERN } from '../duration.ts';

/** What several shapes of our own documents share. */

const ID_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.:@/#-]*$/;
export const id = z
  .string()
  .regex(ID_PATTERN, { error: 'a name of letters, digits and _ - . : @ / #, which begins with a letter, digit or _' })
  .describe('A name, unique in its sequence.');

export const duration = z
  .union([z.int().min(0), z.string().regex(DURATION_PATTERN)], {
    error: 'a duration such as "250ms", "10s", "5m", "1h30m", or a number of milliseconds',
  })
  .describe('A duration: "250ms", "10s", "5m", "1h30m", or a number of milliseconds.');

export const path = z
  .string()
  .regex(/^\$[.[]/, { error: 'a path such as "$.input.limit"' })
  .describe('A path: $.input.x, $.<beat id>.x, $.baton.x, or a loop variable.');

export const mapping = z
  .record(z.string(), z.unknown())
  .describe(
    'Names → values. A text beginning with "$." is a path; { "path", "required"?, "default"? } a path with options; { "value" } a literal; { "template": "… {{$.path}} …" } a text; "..." spreads an object. Without a mapping the handler gets the baton: the input with the outputs of all earlier beats merged over it.',
  );

const operand = z.unknown().describe('What the field is compared with: a literal, or a path.');

export const condition = (description: string) => z.unknown().meta({ $ref: '#/$defs/condition', description });

export const conditionShape = z
  .strictObject({
    field: path.exactOptional(),
    operator: z.enum(OPERATORS).describe('How the field is compared; eq where it is left out.').exactOptional(),
    value: operand.exactOptional(),
    and: z.array(condition('One more that must hold.')).min(1).exactOptional(),
    or: z.array(condition('One more that suffices.')).min(1).exactOptional(),
    not: condition('Holds where this does not; stands alone.').exactOptional(),
  })
  .meta({
    description: '(the comparison of `field` and every of `and`) or any of `or`; or `not`.',
    anyOf: [{ required: ['field'] }, { required: ['and'] }, { required: ['or'] }, { required: ['not'] }],
    dependentRequired: { operator: ['field'], value: ['field'] },
    dependentSchemas: { not: { maxProperties: 1 } },
  });

const retry = z
  .strictObject({
    maximumAttempts: z.int().min(1).max(1000).describe('How often in all, the first attempt included.'),
    initialInterval: duration.exactOptional(),
    backoff: z.number().min(1).max(100).describe('Each pause is this many times the one before.').exactOptional(),
    maximumInterval: duration.exactOptional(),
  })
  .describe('Tries again after a failure. Defaults: 1s, doubled each time, at most 1m.');

const aiRemediation = aiRemediationOptions.describe(
  'Asks the coordinator for a decision (retry with a patch, fail, escalate) when the beat has failed.',
);

export const beatList = (description: string) =>
  z
    .array(z.unknown().meta({ $ref: '#/$defs/beat' }))
    .min(1)
    .describe(description);

export const common = {
  id: id.exactOptional(),
  beat: z.int().min(1).describe('Its number, for readers only.').exactOptional(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  event: z.string().min(1).describe('The event that is emitted for the beat, e.g. telemetry.parse.requested.').exactOptional(),
  when: condition('The beat is skipped where this does not hold.').exactOptional(),
  retry: retry.exactOptional(),
  timeout: duration.exactOptional(),
  errorHandling: z
    .enum(['abort', 'continue', 'retry'])
    .describe('After the last attempt failed: end the sequence, or record the failure and go on. `retry` is the default retry, then abort.')
    .exactOptional(),
  aiRemediation: aiRemediation.exactOptional(),
};

export const concurrency = z.int().min(1).max(1000).describe('How many run at once.').exactOptional();
