import { type Edge, type ImportGraph, targetFile } from './import-graph.ts';
import { type Violation, violationAt } from './violation.ts';

const WORKFLOWS = 'packages/temporal/src/workflows/';

/**
 * Workflow code runs in Temporal's sandbox, so nothing that it loads, directly or through other files, may be a Node built-in or a handler.
 * Imports of types load nothing.
 */
export function checkWorkflowSandbox({ files, edges }: ImportGraph): Violation[] {
  const loads = Map.groupBy(
    edges.filter((edge) => !edge.typeOnly),
    (edge) => edge.from.path,
  );
  const roots = [...files.values()].filter((file) => file.path.startsWith(WORKFLOWS) && !file.isTest).map((file) => file.path);
  const reachedFrom = new Map<string, string>(roots.map((path) => [path, '']));
  const violations: Violation[] = [];
  // The map grows while it is walked: breadth first, so that the way told is a shortest one.
  for (const [path, way] of reachedFrom) {
    for (const edge of loads.get(path) ?? []) {
      const forbidden = forbiddenInSandbox(edge);
      if (forbidden !== undefined) {
        violations.push(
          violationAt(edge, 'workflow-sandbox', `workflow code may not load ${forbidden}${way === '' ? '' : `; reached by ${way}${path}`}`),
        );
      }
      const next = targetFile(edge.target);
      if (next !== undefined && !reachedFrom.has(next)) reachedFrom.set(next, `${way}${path} -> `);
    }
  }
  return violations;
}

function forbiddenInSandbox({ target, specifier }: Edge): string | undefined {
  if (target.kind === 'builtin') return `the Node built-in ${specifier}`;
  return target.kind === 'unit' && target.unit.name === 'handlers' ? 'a handler' : undefined;
}
