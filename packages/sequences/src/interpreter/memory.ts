import { mergeFields } from './mapping.ts';
import { isRecord, type Scope } from './path.ts';

/**
 * What a run knows so far. Branches that run at the same time work on forks, joined again in the order of the document,
 * so what a later beat sees does not depend on which branch ended first.
 */
export interface Memory {
  readonly input: unknown;
  readonly locals: Readonly<Record<string, unknown>>;
  readonly outputs: Record<string, unknown>;
  /** The input's fields with every output's fields merged over them, in order. */
  readonly baton: Record<string, unknown>;
  readonly written: Written[];
}

interface Written {
  readonly beat: string;
  readonly output: unknown;
  readonly fields: unknown;
}

export function createMemory(input: unknown): Memory {
  return { input, locals: {}, outputs: {}, baton: isRecord(input) ? { ...input } : {}, written: [] };
}

/** Keeps a beat's output; `fields` is what of it goes into the baton, by default all of it. */
export function remember(memory: Memory, beat: string, output: unknown, fields: unknown = output): void {
  memory.outputs[beat] = output;
  if (isRecord(fields)) mergeFields(memory.baton, fields);
  memory.written.push({ beat, output, fields });
}

export function fork(memory: Memory, locals: Readonly<Record<string, unknown>> = {}): Memory {
  return {
    input: memory.input,
    locals: { ...memory.locals, ...locals },
    outputs: { ...memory.outputs },
    baton: { ...memory.baton, ...locals },
    written: [],
  };
}

export function join(memory: Memory, branch: Memory): void {
  for (const { beat, output, fields } of branch.written) remember(memory, beat, output, fields);
}

export function lastOutput(memory: Memory): unknown {
  return memory.written.at(-1)?.output;
}

/** Only what was written since the fork or the start, merged in order. */
export function writtenFields(memory: Memory): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const { fields } of memory.written) if (isRecord(fields)) mergeFields(merged, fields);
  return merged;
}

export function scopeOf(memory: Memory, now: number): Scope {
  return { ...memory.outputs, ...memory.locals, input: memory.input, baton: memory.baton, now: new Date(now).toISOString() };
}

/** Names in a scope that no beat and no loop variable may take. */
export const RESERVED_NAMES: readonly string[] = ['input', 'baton', 'now'];
