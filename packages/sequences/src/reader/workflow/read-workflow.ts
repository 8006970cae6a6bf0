import type { BeatPlan, SequencePlan, TriggerPlan } from '../../interpreter/plan.ts';
import type { Findings } from '../findings.ts';
import { baseAt, foreignContext, slug, unsupportedOf } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import type { ReadOptions } from '../options.ts';
import { readSteps } from './read-steps.ts';
import { readWorkflowDuration, type WorkflowContext } from './workflow-context.ts';

/** Names that stand for what started the workflow. */
const INPUT_NAMES: ReadonlySet<string> = new Set(['workflow', 'trigger', 'inputs']);

/** Reads workflow JSON: `trigger` and `steps` at the top or in `definition`. */
export function readWorkflow(root: JsonField, options: ReadOptions, findings: Findings): SequencePlan | undefined {
  const definition = root.get('definition');
  const get = (name: string): JsonField | undefined => definition?.get(name) ?? root.get(name);
  const steps = get('steps');
  if (!steps?.isArray || steps.items().length === 0) {
    findings.add('error', 'PROPERTY_MISSING', steps ?? definition ?? root, '"steps" is missing: the workflow does nothing', {
      expected: 'a list of steps',
    });
    return undefined;
  }
  const ids = new Set(steps.items().flatMap((step) => step.text('id') ?? []));
  const context: WorkflowContext = { ...foreignContext(options, findings), scope: { ids, locals: new Set(), inputNames: INPUT_NAMES } };
  const beats = [...readLoads(get('context')?.get('load'), context), ...readSteps(steps.items(), context)];
  const timeoutMs = readWorkflowDuration(get('timeout'), context);
  const text = (name: string): string | undefined => root.text(name) ?? definition?.text(name);
  const name = text('name') ?? text('workflow_id') ?? 'workflow';
  const [version, description, trigger] = [text('version'), text('description'), triggerOf(get('trigger'))];
  const tags = get('tags')
    ?.items()
    .map((tag) => tag.shown);
  const enabled = get('enabled')?.value;
  if (findings.hasErrors) return undefined;
  return {
    id: text('workflow_id') ?? text('id') ?? slug(name),
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    format: 'workflow',
    source: options.file,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(trigger && { trigger }),
    ...(typeof enabled === 'boolean' && { enabled }),
    ...(tags && { tags }),
    movements: [{ id: 'steps', name, beats }],
    unsupported: unsupportedOf(findings),
  };
}

function triggerOf(trigger: JsonField | undefined): TriggerPlan | undefined {
  const type = trigger?.text('type');
  if (!trigger || type === undefined) return undefined;
  const [event, cron] = [trigger.text('event'), trigger.text('cron') ?? trigger.text('schedule')];
  return { type, ...(event !== undefined && { event }), ...(cron !== undefined && { cron }) };
}

/** A resource to load first is a beat where a handler of its name is registered; otherwise the input must bring it. */
function readLoads(loads: JsonField | undefined, context: WorkflowContext): BeatPlan[] {
  return (loads?.items() ?? []).flatMap((load): BeatPlan | [] => {
    const resource = load.shown;
    if (!context.handlers?.has(resource)) {
      context.findings.add(
        'info',
        'NOT_SUPPORTED',
        load,
        `"${resource}" is not loaded: no handler of this name is registered, so the input must bring it`,
      );
      return [];
    }
    const base = baseAt(load, context.names.derive(resource), context);
    return { form: 'handler', ...base, timing: 'async', handler: resource, kind: 'stage-crew' };
  });
}
