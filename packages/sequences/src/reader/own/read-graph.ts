import type { GraphNode } from '../../interpreter/plan.ts';
import { topologicalOrder } from '../../interpreter/topological-order.ts';
import type { JsonField } from '../json-field.ts';
import { beatId, done, unread } from './beat-forms.ts';
import { checkShape } from './check-shape.ts';
import type { OwnContext, ReadBeat } from './own-context.ts';
import { readBase } from './read-base.ts';
import { graphNodeShape, graphShape } from './shapes.ts';
import { type Visible, withNames } from './visible.ts';

interface NodeField {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly field: JsonField;
}

/** A graph of beats: its dependencies exist and have no circle; a node sees the outputs of what it depends on. */
export function readGraph(field: JsonField, visible: Visible, context: OwnContext): ReadBeat {
  const read = checkShape(field, graphShape, context.findings);
  const nodes = (field.get('graph')?.items() ?? []).flatMap((node): NodeField | [] => {
    const shape = checkShape(node, graphNodeShape, context.findings);
    return shape ? { id: shape.id, dependsOn: shape.dependsOn ?? [], field: node } : [];
  });
  checkDependencies(nodes, context);
  const { order, circle } = topologicalOrder(nodes);
  if (circle) {
    const place = nodes.find(({ id }) => id === circle[0])?.field ?? field;
    context.findings.add('error', 'GRAPH_CYCLE', place, `these nodes depend on each other in a circle: ${circle.join(' → ')}`);
  }
  const plans = readNodes(order ?? nodes, visible, context);
  const after = withNames(visible, ...plans.map(({ beat }) => beat.id));
  if (!read) return unread(field, after);
  const id = beatId(field, 'graph', context);
  const concurrency = read.concurrency === undefined ? {} : { concurrency: read.concurrency };
  const inDocumentOrder = nodes.flatMap((node) => plans.find((plan) => plan.id === node.id) ?? []);
  return done(after, { form: 'graph', ...readBase(field, read, id, visible, context), nodes: inDocumentOrder, ...concurrency });
}

function checkDependencies(nodes: readonly NodeField[], { findings }: OwnContext): void {
  const ids = nodes.map(({ id }) => id);
  for (const [index, { id, field }] of nodes.entries()) {
    if (ids.indexOf(id) !== index) findings.add('error', 'ID_TWICE', field.get('id') ?? field, `the node "${id}" is there twice`);
    for (const dependency of field.get('dependsOn')?.items() ?? []) {
      const name = dependency.shown;
      if (!ids.includes(name)) findings.unknownName('error', 'TARGET_UNKNOWN', dependency, 'the node', name, ids);
    }
  }
}

function readNodes(order: readonly NodeField[], visible: Visible, context: OwnContext): GraphNode[] {
  const seenAfter = new Map<string, Visible>();
  return order.flatMap((node): GraphNode | [] => {
    const before = withNames(visible, ...node.dependsOn.flatMap((id) => [...(seenAfter.get(id) ?? [])]));
    const beatField = node.field.get('beat');
    const named = beatField?.has('id') === true ? context : { ...context, names: context.names.preferring(node.id) };
    const { beats, visible: after } = context.readList(beatField ? [beatField] : [], before, named);
    seenAfter.set(node.id, after);
    const [beat] = beats;
    return beat ? { id: node.id, dependsOn: node.dependsOn, beat } : [];
  });
}
