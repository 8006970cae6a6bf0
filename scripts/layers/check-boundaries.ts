import type { Edge } from './import-graph.ts';
import { describeAllowed, hasLayer, mayImport, mayReachFixtures } from './layer-rules.ts';
import { type Violation, violationAt } from './violation.ts';

/** The rules that one import can break by itself: direction of the layers, Temporal's place, and the borders of packages. */
export function checkBoundaries(edges: readonly Edge[]): Violation[] {
  return edges.flatMap((edge) => checkEdge(edge) ?? []);
}

function checkEdge(edge: Edge): Violation | undefined {
  const { from, target, specifier } = edge;
  switch (target.kind) {
    case 'builtin':
      return undefined;
    case 'external':
      if (!target.packageName.startsWith('@temporalio/') || from.unit.name === 'temporal') return undefined;
      return violationAt(
        edge,
        'temporal-only',
        `only packages/temporal imports ${target.packageName}; use what @selfheal/temporal exports`,
      );
    case 'relative':
      if (target.path.startsWith(`${from.unit.folder}/`)) return undefined;
      if (target.path.startsWith('fixtures/') && mayReachFixtures(from.unit.name, from.isTest)) return undefined;
      return violationAt(edge, 'leaves-package', `"${specifier}" leaves ${from.unit.folder}; import the package by its name`);
    case 'unknown-unit':
      return violationAt(edge, 'unknown-package', `there is no package ${target.packageName}`);
    case 'unit':
      return checkUnitEdge(edge, target);
  }
}

function checkUnitEdge(edge: Edge, { unit, exported }: Extract<Edge['target'], { kind: 'unit' }>): Violation | undefined {
  const from = edge.from.unit.name;
  if (!hasLayer(from)) return violationAt(edge, 'direction', `${from} has no layer yet: give it one in scripts/layers/layer-rules.ts`);
  if (!mayImport(from, unit.name, edge.from.isTest)) {
    return violationAt(edge, 'direction', `${from} may import ${describeAllowed(from)}, not ${edge.specifier}`);
  }
  if (exported) return undefined;
  return violationAt(edge, 'deep-import', `"${edge.specifier}" is not in the exports of ${unit.folder}/package.json`);
}
