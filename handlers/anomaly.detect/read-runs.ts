import { nestingOf } from '@selfheal/anomaly';
import type { BeatContext, FlowStats, Lake, TelemetrySnapshot } from '@selfheal/contracts';
import { FLOW_FIELDS, type FlowEvent, foldFlows } from '@selfheal/telemetry';
import type { MarkedReleases } from './marked-releases.ts';

/** Newest events with a step that are folded into flows; what is older is judged by what was learned from it. */
const MAX_STEPS = 100_000;
const FLOWS_AT_ONCE = 5000;

interface Runs {
  readonly flows: FlowStats[];
  readonly nesting: NonNullable<TelemetrySnapshot['nesting']>;
  readonly notes: string[];
}

/** The flows of a window: their steps, and the requests and spans around them, which tell how a run ended. */
export async function readRuns(
  lake: Lake,
  projectId: string,
  window: { from: number; to: number },
  beat: Pick<BeatContext, 'heartbeat'>,
  marked: MarkedReleases,
): Promise<Runs> {
  // The window's end belongs to it; the lake's does not.
  const range = { projectId, from: window.from, to: window.to + 1, fields: FLOW_FIELDS };
  const steps = await lake.events({ ...range, steps: true, order: 'desc', limit: MAX_STEPS });
  beat.heartbeat(`${steps.length} steps read`);
  const all: FlowEvent[] = steps.map(marked.event);
  const known = new Set(steps.map(({ id }) => id));
  const flowIds = [...new Set(steps.flatMap(({ flowId }) => flowId ?? []))];
  for (let at = 0; at < flowIds.length; at += FLOWS_AT_ONCE) {
    const around = await lake.events({ ...range, flowIds: flowIds.slice(at, at + FLOWS_AT_ONCE), kinds: ['request', 'sequence', 'span'] });
    for (const event of around) if (!known.has(event.id)) all.push(marked.event(event));
    beat.heartbeat(`${all.length} events of flows read`);
  }
  const notes = steps.length < MAX_STEPS ? [] : [`flows were folded from the newest ${MAX_STEPS} steps only`];
  return { flows: foldFlows(all, { now: window.to }), nesting: nestingOf(all), notes };
}
