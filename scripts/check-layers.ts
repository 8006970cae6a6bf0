/**
 * Checks who imports whom: `npm run check-layers`. Prints `file:line: rule: what is wrong` for each breach and exits 1 when there is one.
 * The layers themselves are in layers/layer-rules.ts.
 */
import { resolve } from 'node:path';
import { checkBoundaries } from './layers/check-boundaries.ts';
import { checkCycles } from './layers/check-cycles.ts';
import { checkWorkflowSandbox } from './layers/check-workflow-sandbox.ts';
import { readImportGraph } from './layers/import-graph.ts';
import { formatViolation, type Violation } from './layers/violation.ts';

/** All breaches in the tree at `root`, ordered by place. */
export function checkLayers(root: string): { readonly violations: Violation[]; readonly files: number; readonly imports: number } {
  const graph = readImportGraph(root);
  const found = [...checkBoundaries(graph.edges), ...checkWorkflowSandbox(graph), ...checkCycles(graph)];
  const violations = found.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { violations, files: graph.files.size, imports: graph.edges.length };
}

if (import.meta.main) {
  const { violations, files, imports } = checkLayers(resolve(import.meta.dirname, '..'));
  for (const violation of violations) console.error(formatViolation(violation));
  const verdict = violations.length === 0 ? 'all in order' : `${violations.length} against the layers`;
  console.error(`check-layers: ${imports} imports in ${files} files, ${verdict}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
