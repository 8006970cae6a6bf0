import type { Durations } from './critical-path.ts';
import { type BuildGraph, dependenciesOf } from './graph.ts';
import type { NodeState } from './schedule.ts';

export interface Waiting {
  /** Direct dependencies that have not ended well. */
  readonly on: readonly string[];
  /** From the node down to what is running, ready, failed or cancelled: of several ways the one that takes longest. */
  readonly chain: readonly string[];
}

const ENDED_WELL: ReadonlySet<NodeState | undefined> = new Set(['done', 'cached']);

/** Why a node has not started: undefined where nothing keeps it but a free slot. */
export function whyWaits(graph: BuildGraph, states: ReadonlyMap<string, NodeState>, durations: Durations, id: string): Waiting | undefined {
  const open = (of: string) => dependenciesOf(graph, of).filter((dependency) => !ENDED_WELL.has(states.get(dependency)));
  const on = open(id);
  if (on.length === 0) return undefined;
  const longest = new Map<string, { ms: number; next: string | undefined }>();
  const measure = (of: string): { ms: number; next: string | undefined } => {
    const known = longest.get(of);
    if (known !== undefined) return known;
    let best: { ms: number; next: string | undefined } = { ms: 0, next: undefined };
    // Known before its dependencies are looked at, so that a cycle ends.
    longest.set(of, best);
    for (const dependency of open(of)) {
      const { ms } = measure(dependency);
      if (best.next === undefined || ms > best.ms) best = { ms, next: dependency };
    }
    const own = { ms: best.ms + (durations.get(of) ?? 1), next: best.next };
    longest.set(of, own);
    return own;
  };
  measure(id);
  const chain: string[] = [];
  for (let at: string | undefined = id; at !== undefined && !chain.includes(at); at = longest.get(at)?.next) chain.push(at);
  return { on, chain };
}
