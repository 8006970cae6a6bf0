import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient, HealState } from '@selfheal/temporal';

/** A query costs server and worker some 15 ms of processor time, and twenty heals may run at once; the end of one is waited for, not asked for. */
const POLL_MS = 1_000;

interface Followed {
  readonly workflowId: string;
}

/**
 * Waits until each heal has ended or waits for a person; tells each change of state on the way. Ends early on `signal` (the heals go on
 * in the engine).
 */
export async function followHeals(
  client: EngineClient,
  heals: readonly Followed[],
  onState: (state: HealState) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(heals.map((heal) => follow(client, heal.workflowId, onState, signal)));
}

async function follow(client: EngineClient, workflowId: string, onState: (state: HealState) => void, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const left = new AbortController();
  const end = () => ended.abort();
  client.healResult(workflowId, left.signal).then(end, end);
  try {
    await tellStates(client, workflowId, onState, { signal, ended: ended.signal });
  } finally {
    left.abort();
  }
}

async function tellStates(
  client: EngineClient,
  workflowId: string,
  onState: (state: HealState) => void,
  { signal, ended }: { readonly signal: AbortSignal; readonly ended: AbortSignal },
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    const isLast = ended.aborted;
    const state = await client.healState(workflowId);
    if (state === undefined) return;
    const text = JSON.stringify(state);
    if (text !== told) onState(state);
    told = text;
    // One that was terminated from outside ends in whatever stage it was.
    if (isLast || state.stage === 'done' || state.awaiting !== undefined) return;
    await delay(POLL_MS, undefined, { signal: AbortSignal.any([signal, ended]) }).catch(() => undefined);
  }
}
