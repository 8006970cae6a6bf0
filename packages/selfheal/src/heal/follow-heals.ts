import type { EngineClient, HealState } from '@selfheal/temporal';

const POLL_MS = 300;

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
  let told = '';
  while (!signal.aborted) {
    const state = await client.healState(workflowId);
    if (state === undefined) return;
    const text = JSON.stringify(state);
    if (text !== told) onState(state);
    told = text;
    if (state.stage === 'done' || state.awaiting !== undefined) return;
    await pause(POLL_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
