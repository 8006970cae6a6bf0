import type { BeatPlan, Condition } from '../../interpreter/plan.ts';
import { nearestName } from '../../nearest.ts';
import { parseDuration } from '../duration.ts';
import { readForeignCondition } from '../foreign/condition.ts';
import { baseAt, type ForeignContext, resolveHandler } from '../foreign/foreign-context.ts';
import { readForeignRetry } from '../foreign/retry.ts';
import { type ForeignScope, mappedTemplate } from '../foreign/templates.ts';
import type { JsonField } from '../json-field.ts';

export interface BuilderNode {
  readonly id: string;
  readonly type: string;
  readonly field: JsonField;
}

export interface BuilderEdge {
  readonly source: string;
  readonly target: string;
  /** `true` or `false` where it leaves a condition. */
  readonly handle?: string;
}

export interface BuilderContext extends ForeignContext {
  readonly scope: ForeignScope;
  readonly edges: readonly BuilderEdge[];
}

const BARE_UNIT_MS = 1_000;
const NOTHING_TO_RUN: readonly string[] = ['trigger', 'start', 'end', 'api-endpoint', 'data-in', 'data-out', 'comment', 'note'];
const KNOWN_TYPES: readonly string[] = [
  'trigger',
  'activity',
  'agent',
  'condition',
  'conditional',
  'child-workflow',
  'wait',
  'delay',
  'signal',
  'approval',
  'end',
];

/** One node → its beat; `branch` compiles what only one side of a condition leads to. */
export function readNode(node: BuilderNode, branch: (handle: string) => BeatPlan[], context: BuilderContext): BeatPlan[] {
  const title = node.field.at('data')?.text('label');
  const base = { ...baseAt(node.field, context.names.derive(node.id), context), ...(title !== undefined && { title }) };
  const config = node.field.at('data', 'config');
  switch (node.type) {
    case 'activity':
    case 'agent':
    case 'task':
      return activity(node, base, context);
    case 'condition':
    case 'conditional':
    case 'decision':
      return [{ form: 'if', ...base, condition: conditionOf(node, context), onTrue: branch('true'), onFalse: branch('false') }];
    case 'child-workflow':
      return childWorkflow(node, base, context);
    case 'wait':
    case 'delay':
    case 'timer':
      return [
        {
          form: 'wait',
          ...base,
          ms: parseDuration(config?.first('duration', 'delay', 'seconds')?.value, BARE_UNIT_MS) ?? 0,
          onTimeout: 'fail',
        },
      ];
    case 'approval':
      return [{ form: 'approval', ...base, prompt: config?.text('prompt') ?? title ?? node.id, onTimeout: 'reject', onReject: 'reject' }];
    case 'signal':
      return signal(node, base, context);
    default:
      reportType(node, context);
      return [];
  }
}

type Base = ReturnType<typeof baseAt>;

function activity(node: BuilderNode, base: Base, context: BuilderContext): BeatPlan[] {
  const data = node.field.get('data');
  const place = data?.first('componentName', 'activityName', 'handler');
  if (!place || typeof place.value !== 'string' || place.value === '') {
    context.findings.add('warning', 'BEAT_SKIPPED', data ?? node.field, `the node "${node.id}" is left out: it names no component`);
    return [];
  }
  const retryField = data?.get('retryPolicy');
  const retry = retryField && readForeignRetry(retryField, context.findings);
  const timeoutMs = parseDuration(data?.get('timeout')?.value, BARE_UNIT_MS);
  const config = data?.get('config');
  return [
    {
      form: 'handler',
      ...base,
      timing: 'async',
      ...(retry && { retry }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      handler: resolveHandler(place.value, place, context),
      kind: 'stage-crew',
      ...(config?.isObject && { input: inputOf(config, context) }),
    },
  ];
}

/** The baton, and over it the node's configuration with its templates resolved. */
function inputOf(config: JsonField, context: BuilderContext): Record<string, unknown> {
  reportEnvironment(config, context);
  const entries = [...config.properties()].map(([name, field]) => [name, mappedTemplate(field.value, context.scope)] as const);
  return { '...': '$.baton', ...Object.fromEntries(entries) };
}

function reportEnvironment(field: JsonField, context: BuilderContext): void {
  if (typeof field.value === 'string' && /\$\{\s*env\./.test(field.value)) {
    context.findings.add(
      'warning',
      'NOT_SUPPORTED',
      field,
      'environment values are not put into inputs, which would keep them in the history; the handler reads them itself',
    );
  }
  for (const child of [...field.properties().values(), ...field.items()]) reportEnvironment(child, context);
}

function conditionOf(node: BuilderNode, context: BuilderContext): Condition {
  const data = node.field.get('data');
  const place =
    node.field.at('data', 'config')?.first('expression', 'condition') ?? data?.first('condition', 'expression') ?? data?.get('config');
  if (place) return readForeignCondition(place, context.scope, context.findings);
  context.findings.add('error', 'PROPERTY_MISSING', node.field, `the condition "${node.id}" has no expression`, {
    expected: 'data.config.expression',
  });
  return {};
}

function childWorkflow(node: BuilderNode, base: Base, context: BuilderContext): BeatPlan[] {
  const data = node.field.get('data');
  const place = data?.get('config')?.first('workflowType', 'workflowId', 'workflow') ?? data?.get('componentName');
  if (typeof place?.value !== 'string') {
    context.findings.add('warning', 'BEAT_SKIPPED', node.field, `the node "${node.id}" is left out: it names no workflow`);
    return [];
  }
  if (context.sequences && !context.sequences.includes(place.value)) {
    context.findings.unknownName('error', 'SEQUENCE_UNKNOWN', place, 'the sequence', place.value, context.sequences);
  }
  const mapping = data?.at('config', 'inputMapping')?.value;
  const input = mappedTemplate(mapping, context.scope);
  const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? { input: { ...input } } : {};
  return [{ form: 'sequence', ...base, sequence: place.value, ...given }];
}

/** A signal node declares what may arrive; it is waited for only where the document says so. */
function signal(node: BuilderNode, base: Base, context: BuilderContext): BeatPlan[] {
  const data = node.field.get('data');
  const name = data?.text('signalName') ?? data?.get('config')?.text('signalName');
  const waits = data?.at('config', 'wait')?.value === true || data?.at('config', 'blocking')?.value === true;
  if (name !== undefined && waits) {
    const eventTimeoutMs = parseDuration(data?.at('config', 'timeout')?.value, BARE_UNIT_MS);
    return [{ form: 'wait', ...base, awaitedEvent: name, ...(eventTimeoutMs !== undefined && { eventTimeoutMs }), onTimeout: 'fail' }];
  }
  context.findings.add('info', 'NOT_SUPPORTED', node.field, `the signal node "${node.id}" is read and not waited for`);
  return [];
}

function reportType(node: BuilderNode, { findings }: BuilderContext): void {
  if (NOTHING_TO_RUN.includes(node.type)) return;
  const place = node.field.get('type') ?? node.field;
  findings.add('warning', 'NOT_SUPPORTED', place, `the node "${node.id}" is left out: nodes of type "${node.type}" are not run here`, {
    nearest: nearestName(node.type, KNOWN_TYPES),
  });
}
