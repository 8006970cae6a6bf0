import type { Ref } from '@selfheal/contracts';
import { isReference, type SequencePlan, type SequenceResult } from '@selfheal/sequences/interpreter';
import { ApplicationFailure, executeChild, patched, proxyLocalActivities } from '@temporalio/workflow';
import type { Routing, SequenceInput } from '../messages/messages.ts';

const { readStored } = proxyLocalActivities<{ readStored(ref: Ref): Promise<unknown> }>({
  startToCloseTimeout: '1m',
  retry: { maximumAttempts: 10 },
});

interface ChildSequence {
  readonly projectId: string;
  readonly plans: Readonly<Record<string, SequencePlan>>;
  readonly routing: Routing;
}

/** Runs a built-in sequence as a child of the same name and returns its output mapping. The seven call no sequence themselves, so no other plan travels. */
export async function runChildSequence(
  context: ChildSequence,
  sequence: string,
  workflowId: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const plan = context.plans[sequence];
  if (plan === undefined) throw ApplicationFailure.nonRetryable(`no plan for ${sequence}`, 'SEQUENCE_UNKNOWN');
  const argument: SequenceInput = { projectId: context.projectId, plan, input, routing: context.routing, children: {} };
  const result = await executeChild<(input: SequenceInput) => Promise<SequenceResult>>(sequence, {
    workflowId,
    args: [argument],
    staticSummary: plan.name,
  });
  return result.output;
}

/** Reads a field of a sequence's output; documents are data, so its type is checked where it is used. */
export function textOf(output: Record<string, unknown>, field: string): string | undefined {
  const value = output[field];
  return typeof value === 'string' ? value : undefined;
}

export function flagOf(output: Record<string, unknown>, field: string): boolean {
  return output[field] === true;
}

export function numberOf(output: Record<string, unknown>, field: string): number {
  const value = output[field];
  return typeof value === 'number' ? value : 0;
}

/** A list that grew too large to travel is a reference in the output; it is read here. Empty where the field is no list. */
export async function listOf(output: Record<string, unknown>, field: string): Promise<unknown[]> {
  const value = output[field];
  const list = isReference(value) && patched('read-stored-lists') ? await readStored(value) : value;
  return Array.isArray(list) ? list : [];
}

export async function entriesOf(output: Record<string, unknown>, field: string): Promise<Record<string, unknown>[]> {
  return (await listOf(output, field)).filter(
    (entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
  );
}
