import type { BeatPlan, ForEachBeat, ParallelBeat, ParallelStrategy } from '../../interpreter/plan.ts';
import { baseAt } from '../foreign/foreign-context.ts';
import { readForeignRetry } from '../foreign/retry.ts';
import { foreignPath, mappedTemplate } from '../foreign/templates.ts';
import type { JsonField } from '../json-field.ts';
import { readWorkflowDuration, type WorkflowContext } from './workflow-context.ts';

type ReadSteps = (steps: readonly JsonField[], context: WorkflowContext) => BeatPlan[];

const STRATEGIES: Readonly<Record<string, ParallelStrategy>> = {
  ...words('all', 'all', 'all_must_pass', 'wait_all', 'all_success'),
  ...words('any', 'any', 'any_can_pass', 'any_must_pass', 'any_success'),
  ...words('settle', 'settle', 'best_effort', 'all_settled', 'settled', 'ignore_errors'),
};

function words(strategy: ParallelStrategy, ...names: readonly string[]): Record<string, ParallelStrategy> {
  return Object.fromEntries(names.map((name) => [name, strategy]));
}

/** Steps that run at the same time, each a branch of its own. */
export function readParallelStep(step: JsonField, id: string, context: WorkflowContext, readSteps: ReadSteps): ParallelBeat {
  const parallel = step.get('parallel');
  const body = parallel?.isObject ? parallel : step;
  const list = parallel?.isArray ? parallel : body.first('steps', 'branches');
  if (!list || list.items().length === 0)
    context.findings.add('error', 'PROPERTY_MISSING', parallel ?? step, '"steps" is missing: nothing runs in parallel', {
      expected: 'a list of steps',
    });
  const branches = (list?.items() ?? []).map((branch) => readSteps(branch.isArray ? branch.items() : [branch], context));
  const concurrency = body.first('max_concurrency', 'concurrency', 'maxConcurrency')?.value;
  return {
    form: 'parallel',
    ...sharedBase(step, id, context),
    branches,
    strategy: strategyOf(body.get('strategy'), context),
    ...(typeof concurrency === 'number' && concurrency >= 1 && { concurrency: Math.floor(concurrency) }),
  };
}

function strategyOf(place: JsonField | undefined, { findings }: WorkflowContext): ParallelStrategy {
  const word = typeof place?.value === 'string' ? place.value.toLowerCase() : 'all';
  const strategy = Object.hasOwn(STRATEGIES, word) ? STRATEGIES[word] : undefined;
  if (!strategy && place)
    findings.unknownName('warning', 'VALUE_INVALID', place, 'all must pass here: the strategy', word, Object.keys(STRATEGIES));
  return strategy ?? 'all';
}

/** Steps that run for each item of a list. */
export function readForEachStep(step: JsonField, id: string, context: WorkflowContext, readSteps: ReadSteps): ForEachBeat {
  const loop = step.first('foreach', 'for_each', 'forEach', 'loop');
  const body = loop?.isObject ? loop : step;
  const source = body.first('items', 'collection', 'list', 'in', 'over', 'source', 'array', 'field');
  const as = body.text('as') ?? body.text('item') ?? body.text('variable') ?? body.text('item_var') ?? 'item';
  const inner: WorkflowContext = { ...context, scope: { ...context.scope, locals: new Set([...context.scope.locals, as, `${as}Index`]) } };
  const list = body.first('steps', 'do', 'body') ?? step.get('steps');
  if (!source)
    context.findings.add('error', 'PROPERTY_MISSING', loop ?? step, '"items" is missing: there is no list to go over', {
      expected: 'a list, or the name of one',
    });
  if (!list && !step.has('execute'))
    context.findings.add('error', 'PROPERTY_MISSING', loop ?? step, '"steps" is missing: nothing is done for an item', {
      expected: 'a list of steps',
    });
  const concurrency = body.first('max_concurrency', 'concurrency', 'maxConcurrency', 'parallelism')?.value;
  return {
    form: 'forEach',
    ...sharedBase(step, id, context),
    items: itemsOf(source, context),
    as,
    concurrency: typeof concurrency === 'number' && concurrency >= 1 ? Math.floor(concurrency) : 1,
    beats: readSteps(list?.items() ?? [], inner),
  };
}

function itemsOf(source: JsonField | undefined, context: WorkflowContext): unknown {
  if (typeof source?.value !== 'string') return source ? mappedTemplate(source.value, context.scope) : [];
  const mapped = mappedTemplate(source.value, context.scope);
  return typeof mapped === 'string' && mapped.startsWith('$') ? mapped : (foreignPath(source.value, context.scope) ?? mapped);
}

function sharedBase(step: JsonField, id: string, context: WorkflowContext) {
  const title = step.text('name');
  const retryField = step.get('retry');
  const retry = retryField && readForeignRetry(retryField, context.findings);
  const timeoutMs = readWorkflowDuration(step.get('timeout'), context);
  return {
    ...baseAt(step, id, context),
    ...(title !== undefined && { title }),
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}
