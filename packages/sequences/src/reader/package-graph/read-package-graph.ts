import type { GraphNode, SequencePlan } from '../../interpreter/plan.ts';
import { topologicalOrder } from '../../interpreter/topological-order.ts';
import type { Findings } from '../findings.ts';
import { baseAt, foreignContext, resolveHandler, unsupportedOf } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import type { ReadOptions } from '../options.ts';

/** The handler that builds one package. */
export const BUILD_HANDLER = 'buildPackage';

interface PackageField {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly field: JsonField;
}

/** Reads `packages[{ packageName, packagePath, category, dependencies }]` as one graph beat, a node for each package. */
export function readPackageGraph(root: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  const context = foreignContext(options, findings);
  const packages = readPackages(root, findings);
  const { circle } = topologicalOrder(packages);
  if (circle) {
    const place = packages.find(({ id }) => id === circle[0])?.field ?? root;
    findings.add('error', 'GRAPH_CYCLE', place, `these packages depend on each other in a circle: ${circle.join(' → ')}`);
  }
  const list = root.get('packages') ?? root;
  const handler = resolveHandler(BUILD_HANDLER, list, context);
  const base = baseAt(list, context.names.derive('packages'), context);
  const nodes = packages.map(({ id, dependsOn, field }): GraphNode => {
    const input = {
      packageName: id,
      packagePath: textOr(field, 'packagePath', ''),
      category: textOr(field, 'category', ''),
      dependencies: [...dependsOn],
    };
    const beatBase = baseAt(field, context.names.derive(id), context);
    return { id, dependsOn, beat: { form: 'handler', ...beatBase, timing: 'async', handler, kind: 'stage-crew', input } };
  });
  if (findings.hasErrors) return undefined;
  const name = root.text('name') ?? 'Package build';
  const concurrency = root.first('maxConcurrent', 'maxConcurrentBuilds', 'concurrency')?.value;
  return {
    id: root.text('id') ?? root.text('buildId') ?? 'package-build',
    name,
    format: 'package-graph',
    source: options.file,
    movements: [{ id: 'build', name, beats: [{ form: 'graph', ...base, nodes, ...(typeof concurrency === 'number' && { concurrency }) }] }],
    unsupported: unsupportedOf(findings),
  };
}

function readPackages(root: JsonField, findings: Findings): PackageField[] {
  const fields = root.get('packages')?.items() ?? [];
  const names = fields.map((field) => field.text('packageName'));
  return fields.flatMap((field, index): PackageField | [] => {
    const id = names[index];
    if (id === undefined) {
      findings.add('error', 'PROPERTY_MISSING', field, '"packageName" is missing', { expected: 'a text' });
      return [];
    }
    if (names.indexOf(id) !== index)
      findings.add('error', 'ID_TWICE', field.get('packageName') ?? field, `the package "${id}" is there twice`);
    const dependsOn = (field.get('dependencies')?.items() ?? []).flatMap((dependency) => {
      const name = dependency.shown;
      if (names.includes(name)) return name;
      findings.add('info', 'ASSUMED', dependency, `"${name}" is not one of these packages; it is taken as there already`);
      return [];
    });
    return { id, dependsOn, field };
  });
}

function textOr(field: JsonField, name: string, fallback: string): string {
  return (field.text(name) ?? fallback).replaceAll('\\', '/');
}
