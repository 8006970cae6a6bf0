import { z } from 'zod';
import { beatList, common, concurrency, condition, duration, id, mapping, path } from './shape-parts.ts';

/**
 * The shapes of our own sequence documents, level by level: lists of beats are left open here and read one by one, so that
 * each finding has its place. The JSON schema for editors is made from these same shapes.
 */

export const handlerShape = z
  .strictObject({
    ...common,
    handler: z.string().min(1).describe('The name of a registered handler.'),
    kind: z
      .enum(['pure', 'stage-crew'])
      .describe('pure: computes on its input alone. stage-crew: does I/O. Stage-crew where it is left out.')
      .exactOptional(),
    timing: z.enum(['immediate', 'async']).describe('immediate for pure, async for stage-crew beats.').exactOptional(),
    input: mapping.exactOptional(),
  })
  .describe('Calls a handler.');

export const ifShape = z
  .strictObject({
    ...common,
    if: condition('What decides.'),
    // biome-ignore lint/suspicious/noThenProperty: the documents' own word; a shape is never awaited
    then: beatList('Run where the condition holds.'),
    else: z
      .array(z.unknown().meta({ $ref: '#/$defs/beat' }))
      .describe('Run where it does not.')
      .exactOptional(),
  })
  .describe('Runs one of two lists of beats.');

export const parallelShape = z
  .strictObject({
    ...common,
    parallel: z
      .array(z.unknown().meta({ anyOf: [{ $ref: '#/$defs/beat' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/beat' } }] }))
      .min(1)
      .describe('Branches that run at the same time; a branch is a beat or a list of beats.'),
    strategy: z
      .enum(['all', 'any', 'settle'])
      .describe('all must succeed (default), any one must, or settle: failures are only recorded.')
      .exactOptional(),
    concurrency,
  })
  .describe('Runs branches at the same time.');

export const forEachShape = z
  .strictObject({
    ...common,
    forEach: z
      .union([path, z.array(z.unknown())], { error: 'a path to a list, such as "$.input.files", or a list' })
      .describe('The list to go over.'),
    as: id.describe('The name of the item in paths: $.item; its position is $.itemIndex. Default: item.').exactOptional(),
    concurrency: concurrency.describe('How many items at once; default 1.'),
    beats: beatList('Run for each item.'),
    output: z.unknown().describe('The result of one item; where left out, the output of its last beat.').exactOptional(),
  })
  .describe('Runs beats for each item of a list; the output is { results } in the order of the items.');

export const waitShape = z
  .strictObject({
    ...common,
    wait: z
      .strictObject({
        ms: z.int().min(0).exactOptional(),
        duration: duration.exactOptional(),
        event: z.string().min(1).describe('Waits until this event comes.').exactOptional(),
        timeout: duration.describe('How long to wait for the event at most.').exactOptional(),
        onTimeout: z
          .enum(['fail', 'continue', 'stop', 'reject'])
          .describe('What happens when the event did not come; default fail.')
          .exactOptional(),
      })
      .meta({
        oneOf: [{ required: ['ms'] }, { required: ['duration'] }, { required: ['event'] }],
        dependentRequired: { timeout: ['event'], onTimeout: ['timeout'] },
      }),
  })
  .describe('Waits for a time or an event.');

export const approvalShape = z
  .strictObject({
    ...common,
    approval: z.strictObject({
      prompt: z
        .union([z.string().min(1), z.strictObject({ template: z.string() }), z.strictObject({ path })], {
          error: 'a text, or { "template": "… {{$.path}} …" }',
        })
        .describe('The question that is put to a person.'),
      subject: z.unknown().describe('What the decision is about, e.g. a path to a patch hash.').exactOptional(),
      timeout: duration.exactOptional(),
      onTimeout: z.enum(['approve', 'reject']).describe('What a decision that never came counts as; default reject.').exactOptional(),
      onReject: z
        .enum(['reject', 'stop', 'continue'])
        .describe('How the sequence goes on after a refusal; default reject: it ends so.')
        .exactOptional(),
    }),
  })
  .describe('Waits for a person to decide.');

export const childShape = z
  .strictObject({ ...common, sequence: id.describe('The id of another sequence.'), input: mapping.exactOptional() })
  .describe('Runs another sequence; the output is { status, output }.');

export const graphNodeShape = z.strictObject({
  id,
  dependsOn: z.array(z.string()).describe('Ids of nodes that must have succeeded.').exactOptional(),
  beat: z.unknown().meta({ $ref: '#/$defs/beat' }),
});

export const graphShape = z
  .strictObject({ ...common, graph: z.array(z.unknown().meta({ $ref: '#/$defs/graphNode' })).min(1), concurrency })
  .describe('Runs nodes, dependencies first.');

export const stopShape = z
  .strictObject({
    id: common.id,
    beat: common.beat,
    title: common.title,
    description: common.description,
    event: common.event,
    when: common.when,
    stop: z.strictObject({
      status: z.enum(['completed', 'stopped', 'rejected']),
      reason: z
        .union([z.string(), z.strictObject({ template: z.string() }), z.strictObject({ path })], {
          error: 'a text, or { "template": "… {{$.path}} …" }',
        })
        .exactOptional(),
    }),
  })
  .describe('Ends the sequence with a status.');

/** Beat form → its shape; the form's key in a document is the key here, but for the handler beat `handler`. */
export const BEAT_SHAPES = {
  handler: handlerShape,
  if: ifShape,
  parallel: parallelShape,
  forEach: forEachShape,
  wait: waitShape,
  approval: approvalShape,
  sequence: childShape,
  graph: graphShape,
  stop: stopShape,
} as const;

export type OwnForm = keyof typeof BEAT_SHAPES;
export type OwnBeat<F extends OwnForm> = z.infer<(typeof BEAT_SHAPES)[F]>;
export type OwnCommon = Pick<OwnBeat<'handler'>, keyof typeof common>;

export const movementShape = z
  .strictObject({
    id: id.exactOptional(),
    name: z.string().min(1).exactOptional(),
    description: z.string().exactOptional(),
    beats: beatList('Run in this order.'),
  })
  .describe('A part of the sequence.');

const inputDescription = z.union(
  [z.string(), z.strictObject({ description: z.string(), required: z.boolean().exactOptional(), type: z.string().exactOptional() })],
  {
    error: 'a description',
  },
);

export const sequenceShape = z
  .strictObject({
    $schema: z.string().exactOptional(),
    id,
    name: z.string().min(1),
    description: z.string().exactOptional(),
    version: z.union([z.string(), z.int()], { error: 'a text or a whole number' }).exactOptional(),
    timeout: duration.describe('How long a run may take.').exactOptional(),
    project: z
      .string()
      .min(1)
      .describe(
        'Folder of the project that it works on, relative to the document: `selfheal sequence run` gives it a private copy of that.',
      )
      .exactOptional(),
    input: z.record(z.string(), inputDescription).describe('What the sequence expects in its input: name → description.').exactOptional(),
    movements: z.array(z.unknown().meta({ $ref: '#/$defs/movement' })).min(1),
    output: mapping.describe('The output of the sequence; where left out, the outputs of all beats merged in order.').exactOptional(),
  })
  .describe('A sequence: movements hold beats, a beat calls a handler or directs the flow.');

export type OwnSequence = z.infer<typeof sequenceShape>;
