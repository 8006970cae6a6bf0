/** Writes json-sequences/sequence.schema.json; run it after a change of the shapes. */
import { writeFile } from 'node:fs/promises';
import { sequenceJsonSchema } from './json-schema.ts';

const target = new URL('../../../../../json-sequences/sequence.schema.json', import.meta.url);
await writeFile(target, `${JSON.stringify(sequenceJsonSchema(), null, 2)}\n`);
