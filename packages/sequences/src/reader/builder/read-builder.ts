import type { BeatPlan, SequencePlan, TriggerPlan } from '../../interpreter/plan.ts';
import { topologicalOrder } from '../../interpreter/topological-order.ts';
import { parseDuration } from '../duration.ts';
import type { Findings } from '../findings.ts';
import { foreignContext, slug, unsupportedOf } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import type { ReadOptions } from '../options.ts';
import { type BuilderContext, type BuilderEdge, type BuilderNode, readNode } from './builder-node.ts';

/** Names that stand for what the workflow was started with. */
const INPUT_NAMES: ReadonlySet<string> = new Set(['workflow', 'input', 'inputs', 'trigger']);
const BARE_UNIT_MS = 1_000;

/** Reads a visual builder's document: nodes in dependency order, a condition's branches as if/then/else. */
export function readBuilder(root: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  const definition = root.get('definition')?.isObject ? (root.get('definition') ?? root) : root;
  const nodes = readNodes(definition, findings);
  const edges = readEdges(definition, nodes, findings);
  const ordered = inOrder(nodes, edges, findings);
  const context: BuilderContext = {
    ...foreignContext(options, findings),
    scope: { ids: new Set(nodes.map(({ id }) => id)), locals: new Set(), inputNames: INPUT_NAMES },
    edges,
  };
  const beats = compile(ordered, context);
  if (findings.hasErrors) return undefined;
  const timeout = definition.at('metadata', 'timeout') ?? root.at('executionSettings', 'timeout') ?? definition.at('settings', 'timeout');
  const timeoutMs = parseDuration(timeout?.value, BARE_UNIT_MS);
  const name = root.text('name') ?? root.text('displayName') ?? 'workflow';
  const [version, description] = [root.text('version'), root.text('description')];
  const trigger = triggerOf(nodes);
  return {
    id: root.text('id') ?? slug(name),
    name: root.text('displayName') ?? name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    format: 'builder',
    source: options.file,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(trigger && { trigger }),
    metadata: metadataOf(root),
    movements: [{ id: 'nodes', name, beats }],
    unsupported: unsupportedOf(findings),
  };
}

function readNodes(definition: JsonField, findings: Findings): BuilderNode[] {
  return (definition.get('nodes')?.items() ?? []).flatMap((field, index, all): BuilderNode | [] => {
    const id = field.text('id');
    if (id === undefined) {
      findings.add('error', 'PROPERTY_MISSING', field, '"id" is missing: a node needs one', { expected: 'a text' });
      return [];
    }
    if (all.findIndex((other) => other.text('id') === id) !== index)
      findings.add('error', 'ID_TWICE', field.get('id') ?? field, `the node "${id}" is there twice`);
    return { id, type: field.text('type') ?? 'activity', field };
  });
}

function readEdges(definition: JsonField, nodes: readonly BuilderNode[], findings: Findings): BuilderEdge[] {
  const ids = nodes.map(({ id }) => id);
  return (definition.get('edges')?.items() ?? []).flatMap((field): BuilderEdge | [] => {
    const [source, target] = [field.text('source'), field.text('target')];
    for (const name of ['source', 'target']) {
      const end = field.get(name);
      if (!end)
        findings.add('error', 'PROPERTY_MISSING', field, `"${name}" is missing: an edge leads from source to target`, {
          expected: 'the id of a node',
        });
      else if (!ids.includes(end.shown)) findings.unknownName('error', 'TARGET_UNKNOWN', end, 'the node', end.shown, ids);
    }
    const handle = field.text('sourceHandle') ?? field.text('label');
    return source !== undefined && target !== undefined
      ? { source, target, ...(handle !== undefined && { handle: handle.toLowerCase() }) }
      : [];
  });
}

function inOrder(nodes: readonly BuilderNode[], edges: readonly BuilderEdge[], findings: Findings): readonly BuilderNode[] {
  const dependents = nodes.map((node) => ({
    ...node,
    dependsOn: edges.filter(({ target }) => target === node.id).map(({ source }) => source),
  }));
  const { order, circle } = topologicalOrder(dependents);
  if (order) return order;
  const place = nodes.find(({ id }) => id === circle[0])?.field;
  if (place) findings.add('error', 'GRAPH_CYCLE', place, `these nodes follow each other in a circle: ${circle.join(' → ')}`);
  return nodes;
}

/** Nodes that only one branch of a condition leads to run inside it; what both lead to runs after it. */
function compile(nodes: readonly BuilderNode[], context: BuilderContext): BeatPlan[] {
  const inside = new Set<string>();
  return nodes.flatMap((node) => {
    if (inside.has(node.id)) return [];
    const branch = (handle: string): BeatPlan[] => {
      const only = onlyThrough(node.id, handle, context.edges);
      for (const id of only) inside.add(id);
      return compile(
        nodes.filter(({ id }) => only.has(id)),
        context,
      );
    };
    return readNode(node, branch, context);
  });
}

function onlyThrough(condition: string, handle: string, edges: readonly BuilderEdge[]): ReadonlySet<string> {
  const starts = edges.filter((edge) => edge.source === condition && edge.handle === handle).map(({ target }) => target);
  const reached = reach(starts, edges);
  const viaThis = (edge: BuilderEdge): boolean => reached.has(edge.source) || (edge.source === condition && edge.handle === handle);
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const edge of edges) {
      if (reached.has(edge.target) && !viaThis(edge)) {
        reached.delete(edge.target);
        shrunk = true;
      }
    }
  }
  return reached;
}

function reach(starts: readonly string[], edges: readonly BuilderEdge[]): Set<string> {
  const reached = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const edge of edges) if (edge.source === id) open.push(edge.target);
  }
  return reached;
}

function triggerOf(nodes: readonly BuilderNode[]): TriggerPlan | undefined {
  const config = nodes.find(({ type }) => type === 'trigger')?.field.at('data', 'config');
  if (!config) return undefined;
  const [event, cron] = [
    config.text('event') ?? config.text('eventName'),
    config.text('cron') ?? config.text('cronSchedule') ?? config.text('schedule'),
  ];
  return {
    type: config.text('triggerType') ?? config.text('type') ?? 'manual',
    ...(event !== undefined && { event }),
    ...(cron !== undefined && { cron }),
  };
}

function metadataOf(root: JsonField): Record<string, unknown> {
  const names = ['sampleInput', 'expectedOutput', 'tags'];
  return Object.fromEntries(names.flatMap((name) => (root.has(name) ? [[name, root.get(name)?.value]] : [])));
}
