import { interpret, type SequenceResult } from '@selfheal/sequences/interpreter';
import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { SequenceInput } from '../messages/messages.ts';
import { createTemporalRuntime } from './temporal-runtime.ts';

/**
 * The workflow of every sequence. It is the bundle's default export, so that a sequence's id is its workflow type and a user's
 * document needs no code. A failed beat fails the workflow (and not the workflow task) with the beat's code.
 */
export async function runSequence(run: SequenceInput): Promise<SequenceResult> {
  try {
    return await interpret(run.plan, run.input, createTemporalRuntime(run));
  } catch (error) {
    if (isCancellation(error) || error instanceof ApplicationFailure) throw error;
    throw ApplicationFailure.create({
      message: error instanceof Error ? error.message : String(error),
      type: codeOf(error),
      nonRetryable: true,
      ...(error instanceof Error ? { cause: error } : {}),
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'BEAT_FAILED';
}
