import { z } from 'zod';
import { conditionShape } from './shape-parts.ts';
import { BEAT_SHAPES, graphNodeShape, movementShape, sequenceShape } from './shapes.ts';

/** The JSON schema (draft 2020-12) of our own sequence documents, for editors and for other tools. */
export function sequenceJsonSchema(): Record<string, unknown> {
  const parts = Object.entries(BEAT_SHAPES).map(([form, shape]) => [`${form}Beat`, schemaOf(shape)] as const);
  const beat = { description: 'One step of a sequence.', anyOf: parts.map(([name]) => ({ $ref: `#/$defs/${name}` })) };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'sequence.schema.json',
    title: 'selfheal sequence',
    ...schemaOf(sequenceShape),
    $defs: {
      condition: schemaOf(conditionShape),
      movement: schemaOf(movementShape),
      beat,
      graphNode: schemaOf(graphNodeShape),
      ...Object.fromEntries(parts),
    },
  };
}

function schemaOf(shape: z.ZodType): Record<string, unknown> {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { target: 'draft-2020-12', io: 'input' });
  return schema;
}
