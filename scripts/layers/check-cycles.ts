import { type Edge, type ImportGraph, targetFile } from './import-graph.ts';
import { type Violation, violationAt } from './violation.ts';

/**
 * Circles between packages (tests apart, types included) and between files (imports that load; a circle of types alone is harmless).
 * One violation for each group of members that reach each other, at one import of the circle, which is told in full.
 */
export function checkCycles({ edges }: ImportGraph): Violation[] {
  const betweenUnits = edges.flatMap((edge) => {
    const { from, target } = edge;
    return target.kind === 'unit' && target.unit !== from.unit && !from.isTest
      ? [{ from: from.unit.folder, to: target.unit.folder, edge }]
      : [];
  });
  const betweenFiles = edges.flatMap((edge) => {
    const to = targetFile(edge.target);
    return to === undefined || edge.typeOnly ? [] : [{ from: edge.from.path, to, edge }];
  });
  return [...findCircles(betweenUnits), ...findCircles(betweenFiles)].map((circle) => {
    const way = [...circle.map((arrow) => arrow.from), circle[0].from].join(' -> ');
    return violationAt(circle[0].edge, 'cycle', way);
  });
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly edge: Edge;
}

type Circle = readonly [Arrow, ...Arrow[]];

/** A shortest circle of each strongly connected component, starting at its first member in alphabetical order that lies on one. */
function findCircles(arrows: readonly Arrow[]): Circle[] {
  const outgoing = Map.groupBy(arrows, (arrow) => arrow.from);
  const told = new Set<string>();
  const circles: Circle[] = [];
  for (const start of [...outgoing.keys()].sort()) {
    if (told.has(start)) continue;
    const circle = shortestCircle(start, outgoing);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const member of componentOf(start, outgoing)) told.add(member);
  }
  return circles;
}

/** Breadth-first search from `start` back to itself. */
function shortestCircle(start: string, outgoing: ReadonlyMap<string, readonly Arrow[]>): Circle | undefined {
  const arrivedBy = new Map<string, Arrow>();
  const queue = [start];
  for (const node of queue) {
    for (const arrow of outgoing.get(node) ?? []) {
      if (arrow.to === start) return wayTo(arrow, start, arrivedBy);
      if (arrivedBy.has(arrow.to)) continue;
      arrivedBy.set(arrow.to, arrow);
      queue.push(arrow.to);
    }
  }
  return undefined;
}

function wayTo(last: Arrow, start: string, arrivedBy: ReadonlyMap<string, Arrow>): Circle {
  let circle: Circle = [last];
  while (circle[0].from !== start) {
    const previous = arrivedBy.get(circle[0].from);
    if (previous === undefined) break;
    circle = [previous, ...circle];
  }
  return circle;
}

/** All nodes that `start` reaches and that reach it. */
function componentOf(start: string, outgoing: ReadonlyMap<string, readonly Arrow[]>): string[] {
  const reachable = (from: string) => {
    const seen = new Set([from]);
    for (const node of seen) for (const arrow of outgoing.get(node) ?? []) seen.add(arrow.to);
    return seen;
  };
  return [...reachable(start)].filter((node) => reachable(node).has(start));
}
