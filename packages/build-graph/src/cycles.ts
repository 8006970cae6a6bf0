import { type BuildGraph, dependenciesOf } from './graph.ts';

/** A dependency: `from` depends on `to`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Cycles {
  /** One shortest cycle of each tangle of nodes that depend on each other, as a closed path: the last node depends on the first. */
  readonly paths: readonly (readonly string[])[];
  /** Dependencies whose removal leaves no cycle. */
  readonly cut: readonly Edge[];
  /** True where no smaller cut exists; a very tangled graph gets a good one, not the best. */
  readonly smallest: boolean;
}

/** Partial cuts looked at before the best one so far is taken: the problem is NP-hard (Karp 1972, feedback arc set). */
const MOST_STEPS = 4_000;

/** The cycles of a graph, and what to cut to be without them. Undefined where there is none. */
export function findCycles(graph: BuildGraph): Cycles | undefined {
  const tangles = stronglyConnected(graph);
  if (tangles.length === 0) return undefined;
  const cuts = tangles.map((tangle) => smallestCut(graph, tangle));
  return {
    paths: tangles.flatMap((tangle) => [shortestCycle(graph, new Set(tangle), []) ?? []]),
    cut: cuts.flatMap(({ cut }) => cut),
    smallest: cuts.every(({ smallest }) => smallest),
  };
}

/** Groups of more than one node, or of one that depends on itself, within which each reaches each (Tarjan 1972, without recursion). */
function stronglyConnected(graph: BuildGraph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const groups: string[][] = [];
  for (const root of graph.ids) {
    if (index.has(root)) continue;
    const visits = [{ id: root, next: 0 }];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { id } = visit;
      if (visit.next === 0) {
        index.set(id, index.size);
        low.set(id, index.size - 1);
        stack.push(id);
        onStack.add(id);
      }
      const needed = dependenciesOf(graph, id);
      const dependency = needed[visit.next];
      if (dependency !== undefined) {
        visit.next += 1;
        if (!index.has(dependency)) visits.push({ id: dependency, next: 0 });
        else if (onStack.has(dependency)) lower(low, id, index.get(dependency));
        continue;
      }
      if (needed.length === 0) visit.next = 1;
      visits.pop();
      const parent = visits.at(-1);
      if (parent !== undefined) lower(low, parent.id, low.get(id));
      if (low.get(id) !== index.get(id)) continue;
      const group = stack.splice(stack.lastIndexOf(id));
      for (const member of group) onStack.delete(member);
      if (group.length > 1 || needed.includes(id)) groups.push(group);
    }
  }
  return groups;
}

function lower(low: Map<string, number>, id: string, to: number | undefined): void {
  low.set(id, Math.min(low.get(id) ?? 0, to ?? 0));
}

/**
 * Every cycle must lose an edge, the shortest one too: so one of its edges is in the cut. Branching on these, with one more edge allowed
 * each round, finds a smallest cut first.
 */
function smallestCut(graph: BuildGraph, tangle: readonly string[]): { cut: Edge[]; smallest: boolean } {
  const within = new Set(tangle);
  let steps = 0;
  const search = (cut: Edge[], most: number): Edge[] | undefined => {
    const cycle = shortestCycle(graph, within, cut);
    if (cycle === undefined) return cut;
    steps += 1;
    if (cut.length === most || steps > MOST_STEPS) return undefined;
    for (const edge of edgesOf(cycle)) {
      const found = search([...cut, edge], most);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (let most = 1; steps <= MOST_STEPS; most++) {
    const cut = search([], most);
    if (cut !== undefined) return { cut, smallest: true };
  }
  return { cut: anyCut(graph, within), smallest: false };
}

/** Cuts of each shortest cycle the edge that most paths of the tangle go through, until none is left. */
function anyCut(graph: BuildGraph, within: ReadonlySet<string>): Edge[] {
  const inside = (ids: readonly string[] = []) => ids.filter((id) => within.has(id)).length;
  const traffic = ({ from, to }: Edge) => inside(graph.dependents.get(from)) * inside(graph.dependencies.get(to));
  const cut: Edge[] = [];
  for (let cycle = shortestCycle(graph, within, cut); cycle !== undefined; cycle = shortestCycle(graph, within, cut))
    cut.push(edgesOf(cycle).reduce((best, edge) => (traffic(edge) > traffic(best) ? edge : best)));
  return cut;
}

function edgesOf(cycle: readonly string[]): Edge[] {
  return cycle.flatMap((from, at) => {
    const to = cycle[(at + 1) % cycle.length];
    return to === undefined ? [] : [{ from, to }];
  });
}

/** Breadth first from each node of the tangle; the first of the shortest in the order of the graph. */
function shortestCycle(graph: BuildGraph, within: ReadonlySet<string>, without: readonly Edge[]): string[] | undefined {
  const cutFrom = new Map<string, Set<string>>();
  for (const { from, to } of without) cutFrom.set(from, (cutFrom.get(from) ?? new Set()).add(to));
  const next = (id: string) => dependenciesOf(graph, id).filter((to) => within.has(to) && cutFrom.get(id)?.has(to) !== true);
  let best: string[] | undefined;
  for (const start of within) {
    const found = wayBack(start, next, best?.length ?? Number.POSITIVE_INFINITY);
    if (found !== undefined) best = found;
    if (best?.length === 1) return best;
  }
  return best;
}

/** The shortest way from a node to itself, if it has fewer than `below` nodes. */
function wayBack(start: string, next: (id: string) => string[], below: number): string[] | undefined {
  const cameFrom = new Map<string, string>();
  let frontier = [start];
  for (let length = 1; frontier.length > 0 && length < below; length++) {
    const further: string[] = [];
    for (const id of frontier) {
      for (const to of next(id)) {
        if (to === start) return pathTo(id, start, cameFrom);
        if (cameFrom.has(to)) continue;
        cameFrom.set(to, id);
        further.push(to);
      }
    }
    frontier = further;
  }
  return undefined;
}

function pathTo(last: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [last];
  for (let id = last; id !== start; ) {
    id = cameFrom.get(id) ?? start;
    path.push(id);
  }
  return path.reverse();
}
