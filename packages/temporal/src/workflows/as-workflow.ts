import { ApplicationFailure, isCancellation } from '@temporalio/workflow';

/** Runs the body of a workflow. What it throws fails the workflow, and not the workflow task, with the error's own code. */
export async function asWorkflow<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
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
