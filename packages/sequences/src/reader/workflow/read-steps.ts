import type { BeatPlan } from '../../interpreter/plan.ts';
import { nearestName } from '../../nearest.ts';
import { baseAt } from '../foreign/foreign-context.ts';
import type { JsonField } from '../json-field.ts';
import { readAction, readExecute } from './action-step.ts';
import { readForEachStep, readParallelStep } from './branch-steps.ts';
import { landing, leave, type StepFlow } from './step-flow.ts';
import { readWaitStep } from './wait-step.ts';
import { readStepCondition, type WorkflowContext } from './workflow-context.ts';

/** Steps of a list → beats; jumps between them become goto beats. */
export function readSteps(steps: readonly JsonField[], context: WorkflowContext): BeatPlan[] {
  const ids = steps.map((step, index) => stepId(step, index, context));
  const targets = new Set(steps.flatMap((step) => targetsOf(step).filter((id) => ids.includes(id))));
  const flow: StepFlow = { ids, targets, end: context.names.derive(`${ids[0] ?? 'steps'}:end`), endIsUsed: false };
  const beats = steps.flatMap((step, index) => readStep(step, index, flow, context));
  const [first] = steps;
  return flow.endIsUsed && first ? [...beats, landing(flow.end, first, context)] : beats;
}

function stepId(step: JsonField, index: number, context: WorkflowContext): string {
  const id = step.text('id');
  const place = step.get('id');
  if (id !== undefined && place) return context.names.claim(id, place);
  const made = context.names.derive(`step-${index + 1}`);
  context.findings.add('info', 'ASSUMED', step, `this step has no id; it is called "${made}"`);
  return made;
}

function targetsOf(step: JsonField): string[] {
  const places = [
    step.get('on_true'),
    step.get('on_false'),
    step.get('next'),
    step.at('wait', 'on_timeout') ?? step.get('on_timeout'),
    step.at('metadata', 'on_resume'),
  ];
  return places.flatMap((place) => (typeof place?.value === 'string' ? place.value : []));
}

const TYPES = ['condition', 'action', 'parallel', 'foreach', 'execute', 'wait'];

function readStep(step: JsonField, index: number, flow: StepFlow, context: WorkflowContext): BeatPlan[] {
  const id = flow.ids[index] ?? '';
  const next = step.first('next') ?? step.at('metadata', 'on_resume');
  const after = (): BeatPlan[] => leave(next, step, index, flow, context);
  switch (typeOf(step)) {
    case 'condition':
      return readCondition(step, id, index, flow, context);
    case 'action':
      return readAction(step, id, next !== undefined, after, context);
    case 'execute':
      return [...readExecute(step, id, context), ...after()];
    case 'parallel':
      return [readParallelStep(step, id, context, readSteps), ...after()];
    case 'foreach':
      return [readForEachStep(step, id, context, readSteps), ...after()];
    case 'wait':
      return [readWaitStep(step, id, index, flow, context), ...after()];
    default:
      reportType(step, context);
      return [landing(id, step, context), ...after()];
  }
}

/** The type as written; where it is missing, the type whose property the step has. */
function typeOf(step: JsonField): string | undefined {
  const type = step.text('type')?.toLowerCase();
  if (type === 'for_each' || type === 'loop') return 'foreach';
  if (type === 'delay' || type === 'sleep') return 'wait';
  return type ?? TYPES.find((name) => step.has(name));
}

function reportType(step: JsonField, { findings }: WorkflowContext): void {
  const type = step.get('type');
  const written = type?.shown ?? '';
  if (!type) findings.add('error', 'FORM_UNKNOWN', step, 'this step has no type', { expected: `one of ${TYPES.join(', ')}` });
  else
    findings.add('error', 'FORM_UNKNOWN', type, `the step type "${written}" is not known`, {
      expected: `one of ${TYPES.join(', ')}`,
      nearest: nearestName(written, TYPES),
    });
}

function readCondition(step: JsonField, id: string, index: number, flow: StepFlow, context: WorkflowContext): BeatPlan[] {
  const next = step.get('next');
  const branch = (name: 'on_true' | 'on_false'): BeatPlan[] => leave(step.get(name) ?? next, step, index, flow, context);
  const condition = readStepCondition(step, context);
  const title = step.text('name');
  return [
    {
      form: 'if',
      ...baseAt(step, id, context),
      ...(title !== undefined && { title }),
      condition,
      onTrue: branch('on_true'),
      onFalse: branch('on_false'),
    },
  ];
}
