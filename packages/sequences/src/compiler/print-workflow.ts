import { allBeats } from '../interpreter/all-beats.ts';
import type { BeatPlan, SequencePlan } from '../interpreter/plan.ts';
import { remediatedBeats } from '../interpreter/remediated-beats.ts';
import { ActivityGroups } from './activity-groups.ts';
import { camelCase, kebabCase, Names, pascalCase } from './names.ts';
import { block, docComment, key, lineComment, linesOf, literal, quote } from './print.ts';
import { type PrintContext, printList } from './print-beats.ts';
import { printInput } from './print-values.ts';

/** A sequence and the names that its workflow goes by. */
export interface NamedPlan {
  readonly plan: SequencePlan;
  readonly workflow: string;
  /** Without extension. */
  readonly file: string;
}

/** Gives each plan the name of a function and of a file. */
export function namePlans(plans: readonly SequencePlan[]): NamedPlan[] {
  const workflows = new Names();
  const files = new Names();
  files.take('index');
  return plans.map((plan) => ({ plan, workflow: workflows.take(camelCase(plan.id)), file: files.take(kebabCase(plan.id)) }));
}

/** The file of one workflow. */
export function printWorkflow(named: NamedPlan, all: readonly NamedPlan[], local: ReadonlySet<string>): string {
  const { plan, workflow } = named;
  const names = new Names();
  names.take(workflow);
  for (const name of ['remediated', 'REMEDIATION']) names.take(name);
  const children = calledBy(plan, all);
  for (const child of children) names.take(child.workflow);
  const activities = new ActivityGroups(plan, local, names);
  const remediated = remediatedBeats(plan);
  const inputType = `${pascalCase(workflow)}Input`;
  const context: PrintContext = {
    score: 'score',
    loops: new Map(),
    names,
    activity: (beat) => activities.functionOf(beat),
    remediation: (beat) => remediated.get(beat),
    workflow: (beat) => all.find(({ plan: { id } }) => id === beat.sequence)?.workflow ?? camelCase(beat.sequence),
  };
  return [
    ...printImports(activities, children, remediated.size > 0),
    '',
    ...activities.print(),
    ...(activities.proxies.length > 0 ? [''] : []),
    ...printInputType(plan, inputType),
    '',
    ...docComment(`${plan.name}.`, plan.description, `Compiled from ${plan.source.split(/[\\/]/).at(-1)}, sequence "${plan.id}".`),
    ...linesOf(
      block(`export function ${workflow}(input: ${inputType}): Promise<SequenceResult>`, [
        `return asWorkflow(() => play(piece, input, ${printRuntime(plan, remediated.size > 0)}));`,
      ]),
    ),
    '',
    ...printLines(plan),
    '',
    ...linesOf(`const piece: Piece = ${printPiece(plan, context)};`),
    '',
  ].join('\n');
}

/** What the piece is played on: waits, and where beats are remediated who decides on them. */
function printRuntime(plan: SequencePlan, remediates: boolean): string {
  const waits = `createWaits(${literal(approvalsOf(plan))})`;
  return remediates ? `{ ...${waits}, remediate: (...beat) => remediated(REMEDIATION, ...beat) }` : waits;
}

function printImports(activities: ActivityGroups, children: readonly NamedPlan[], remediates: boolean): string[] {
  const sdk = [...(children.length > 0 ? ['executeChild', 'ParentClosePolicy', 'workflowInfo'] : []), ...activities.proxies].sort((a, b) =>
    a.localeCompare(b),
  );
  return [
    ...(sdk.length > 0 ? [`import { ${sdk.join(', ')} } from '@temporalio/workflow';`] : []),
    ...(activities.proxies.length > 0 ? ["import type { Activities } from '../activities.ts';"] : []),
    "import { type Piece, play } from '../library/compiled/play.ts';",
    "import { ON } from '../library/interpreter/run.ts';",
    "import type { SequenceResult } from '../library/interpreter/runtime.ts';",
    "import { asWorkflow } from '../library/workflows/as-workflow.ts';",
    ...(remediates ? ["import { remediated } from '../library/workflows/remediated.ts';"] : []),
    "import { createWaits } from '../library/workflows/waits.ts';",
    ...(remediates ? ["import { REMEDIATION } from '../remediation.ts';"] : []),
    ...children.map(({ workflow, file }) => `import { ${workflow} } from './${file}.ts';`),
  ];
}

function printInputType(plan: SequencePlan, name: string): string[] {
  const fields = Object.entries(plan.inputs ?? {}).flatMap(([field, about]) => [...docComment(about), `readonly ${key(field)}?: unknown;`]);
  return linesOf(block(`export interface ${name}`, [...fields, 'readonly [field: string]: unknown;']));
}

function printLines(plan: SequencePlan): string[] {
  const lines = Object.fromEntries(allBeats(plan).map(({ id, at }) => [id, at.line]));
  return [...docComment('Where each beat stands in the document; errors tell it.'), ...linesOf(`const lines = ${literal(lines)};`)];
}

function printPiece(plan: SequencePlan, context: PrintContext): string {
  const { id, timeoutMs } = plan;
  const part = block('async (score) =>', [...plan.movements.flatMap((movement) => printMovement(movement, context)), 'return ON;']);
  const fields = [
    `id: ${quote(id)},`,
    ...(timeoutMs === undefined ? [] : [`timeoutMs: ${literal(timeoutMs)},`]),
    'lines,',
    ...linesOf(`part: ${part},`),
    ...(plan.output === undefined ? [] : linesOf(`output: (score) => (${printInput(plan.output, 'score')}),`)),
  ];
  return block('', fields).trimStart();
}

/** A movement begins with its comment; failures of its beats name it. */
function printMovement(movement: { id: string; name: string; beats: readonly BeatPlan[] }, context: PrintContext): string[] {
  const score = context.names.take(camelCase(movement.id));
  return [
    lineComment(movement.name),
    `const ${score} = score.movement(${quote(movement.id)});`,
    ...printList(movement.beats, { ...context, score }),
    '',
  ];
}

function approvalsOf(plan: SequencePlan): string[] {
  return allBeats(plan).flatMap((beat) => (beat.form === 'approval' ? [beat.id] : []));
}

function calledBy(plan: SequencePlan, all: readonly NamedPlan[]): NamedPlan[] {
  const called = new Set(allBeats(plan).flatMap((beat) => (beat.form === 'sequence' ? [beat.sequence] : [])));
  return all.filter(({ plan: { id } }) => called.has(id));
}
