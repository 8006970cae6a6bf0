import type { Movement, SequencePlan } from '../../interpreter/plan.ts';
import { parseDuration } from '../duration.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';
import { BeatNames } from '../names.ts';
import { knownHandlers, type ReadOptions } from '../options.ts';
import { checkShape } from './check-shape.ts';
import type { OwnContext } from './own-context.ts';
import { readList } from './read-beat.ts';
import { movementShape, type OwnSequence, sequenceShape } from './shapes.ts';
import { checkMapped, VISIBLE_AT_START, type Visible } from './visible.ts';

/** Reads a document of our own format; strict: whatever is not known is an error with its place. */
export function readOwn(root: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  const read = checkShape(root, sequenceShape, findings);
  const context: OwnContext = {
    findings,
    names: new BeatNames(findings),
    handlers: knownHandlers(options),
    sequences: options.sequences,
    readList,
  };
  const { movements, visible } = readMovements(root.get('movements')?.items() ?? [], context);
  for (const entry of root.get('output')?.properties().values() ?? []) checkMapped(entry, visible, findings);
  return read && !findings.hasErrors ? planOf(read, movements, options) : undefined;
}

function readMovements(fields: readonly JsonField[], context: OwnContext): { movements: Movement[]; visible: Visible } {
  let visible = VISIBLE_AT_START;
  const ids = new BeatNames(context.findings);
  const movements = fields.flatMap((field, index): Movement | [] => {
    const read = checkShape(field, movementShape, context.findings);
    const list = context.readList(field.get('beats')?.items() ?? [], visible, context);
    visible = list.visible;
    if (!read) return [];
    const place = field.get('id');
    const id = read.id !== undefined && place ? ids.claim(read.id, place) : ids.derive(`movement-${index + 1}`);
    return { id, name: read.name ?? id, beats: list.beats };
  });
  return { movements, visible };
}

function planOf(read: OwnSequence, movements: readonly Movement[], options: ReadOptions): SequencePlan {
  const timeoutMs = parseDuration(read.timeout);
  const inputs = Object.entries(read.input ?? {}).map(
    ([name, about]) => [name, typeof about === 'string' ? about : about.description] as const,
  );
  return {
    id: read.id,
    name: read.name,
    ...(read.version !== undefined && { version: String(read.version) }),
    ...(read.description !== undefined && { description: read.description }),
    format: 'selfheal',
    source: options.file,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(read.project !== undefined && { project: read.project }),
    ...(read.input && { inputs: Object.fromEntries(inputs) }),
    movements,
    ...(read.output && { output: read.output }),
    unsupported: [],
  };
}
