import { interpret, type SequenceResult } from '@selfheal/sequences/interpreter';
import type { SequenceInput } from '../messages/messages.ts';
import { asWorkflow } from './as-workflow.ts';
import { createTemporalRuntime } from './temporal-runtime.ts';

/**
 * The workflow of every sequence. It is the bundle's default export, so that a sequence's id is its workflow type and a user's
 * document needs no code. A failed beat fails the workflow with the beat's code.
 */
export function runSequence(run: SequenceInput): Promise<SequenceResult> {
  return asWorkflow(() => interpret(run.plan, run.input, createTemporalRuntime(run)));
}
