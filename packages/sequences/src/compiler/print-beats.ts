import type {
  AiRemediationPlan,
  BeatPlan,
  ForEachBeat,
  GraphBeat,
  HandlerBeat,
  IfBeat,
  ParallelBeat,
  SequenceBeat,
  StopBeat,
  WaitBeat,
} from '../interpreter/plan.ts';
import { type Exits, exitsOf, exitsOfBeat } from './exits.ts';
import { camelCase, type Names } from './names.ts';
import { array, block, call, indent, key, lineComment, linesOf, literal, object, quote } from './print.ts';
import { printCondition, printInput, printValue } from './print-values.ts';

/** Where beats are printed. */
export interface PrintContext {
  /** The name of the score in reach. */
  readonly score: string;
  /** Beats that can be jumped to without leaving the function: each with its loop. */
  readonly loops: ReadonlyMap<string, Loop>;
  readonly names: Names;
  /** The function that calls the activity of a beat. */
  activity(beat: HandlerBeat): string;
  /** How a beat is remediated; undefined where it is not. */
  remediation(beat: HandlerBeat): AiRemediationPlan | undefined;
  /** The workflow function of another sequence. */
  workflow(beat: SequenceBeat): string;
}

/** A list with jumps in it is a loop over a switch; falling through its cases is running on. */
interface Loop {
  readonly label: string;
  readonly step: string;
}

/** The statements of a list of beats. A way out of the function is a `return` of a flow. */
export function printList(beats: readonly BeatPlan[], context: PrintContext): string[] {
  const { targets } = exitsOf(beats);
  const jumpedTo = beats.filter(({ id }) => targets.includes(id)).map(({ id }) => id);
  return jumpedTo.length === 0 ? beats.flatMap((beat) => printBeat(beat, context)) : printLoop(beats, jumpedTo, context);
}

/** The body of a part: its statements, and that it goes on. */
export function printPart(beats: readonly BeatPlan[], context: PrintContext): string[] {
  return [...printList(beats, context), 'return ON;'];
}

function printLoop(beats: readonly BeatPlan[], jumpedTo: readonly string[], context: PrintContext): string[] {
  const loop: Loop = { label: context.names.take('jumps'), step: context.names.take('next') };
  const loops = new Map([...context.loops, ...jumpedTo.map((id) => [id, loop] as const)]);
  const first = beats[0]?.id ?? '';
  const cases = beats.flatMap((beat) => {
    const head = jumpedTo.includes(beat.id) || beat.id === first ? [`case ${quote(beat.id)}:`] : [];
    return [...head, ...indent(printBeat(beat, { ...context, loops }))];
  });
  const steps = [...new Set([first, ...jumpedTo])].map(quote).join(' | ');
  return [
    `let ${loop.step}: ${steps} = ${quote(first)};`,
    `${loop.label}: for (;;) {`,
    ...indent(linesOf(block(`switch (${loop.step})`, cases))),
    ...indent(['break;']),
    '}',
  ];
}

function printBeat(beat: BeatPlan, context: PrintContext): string[] {
  const title = beat.title === undefined || beat.title === beat.id ? [] : [lineComment(beat.title)];
  return [...title, ...printForm(beat, context)];
}

function printForm(beat: BeatPlan, context: PrintContext): string[] {
  const { score } = context;
  const id = quote(beat.id);
  switch (beat.form) {
    case 'handler':
      return printHandler(beat, context);
    case 'if':
      return printIf(beat, context);
    case 'parallel':
      return leave(call(`${score}.parallel`, [id, parallelTerms(beat, score), printBranches(beat, context)]), beat, context);
    case 'forEach':
      return leave(call(`${score}.each`, [id, eachTerms(beat, score), ...printItem(beat, context)]), beat, context);
    case 'wait':
      return leave(call(`${score}.wait`, [id, waitTerms(beat, score)]), beat, context);
    case 'approval': {
      const question = [
        `prompt: ${textOf(beat.prompt, 'asker')}`,
        ...(beat.subject === undefined ? [] : [`subject: ${printValue(beat.subject, 'asker', 'subject')}`]),
      ];
      const { decisionTimeoutMs, onTimeout, onReject } = beat;
      const terms = object([...entriesOf({ decisionTimeoutMs, onTimeout, onReject }), ...policyOf(beat, score)]);
      return leave(call(`${score}.approval`, [id, terms, `(asker) => (${object(question)})`]), beat, context);
    }
    case 'sequence':
      return leave(call(`${score}.child`, [id, printChild(beat, context), ...optional(policyOf(beat, score))]), beat, context);
    case 'graph':
      return leave(
        call(`${score}.graph`, [
          id,
          printNodes(beat, context),
          ...optional([...entriesOf({ concurrency: beat.concurrency }), ...policyOf(beat, score)]),
        ]),
        beat,
        context,
      );
    case 'stop':
      return leave(call(`${score}.stop`, [id, stopTerms(beat, score)]), beat, context);
    case 'goto':
      return leave(call(`${score}.jump`, [id, quote(beat.target), literal(beat.limit), ...optional(policyOf(beat, score))]), beat, context);
  }
}

function printHandler(beat: HandlerBeat, context: PrintContext): string[] {
  const { score } = context;
  const { when, delayMs, errorHandling } = beat;
  const handler = beat.handler === beat.id ? [] : [`handler: ${quote(beat.handler)}`];
  const options = [...handler, ...guardOf({ when, delayMs, errorHandling }, score)];
  const remediation = context.remediation(beat);
  if (remediation !== undefined) {
    const about = [...options, ...entriesOf({ kind: beat.kind, event: beat.event })];
    const args = [quote(beat.id), literal(remediation), `() => (${printInput(beat.input, score)})`, context.activity(beat), object(about)];
    return linesOf(`await ${call(`${score}.remediated`, args)};`);
  }
  const work = `() => ${call(context.activity(beat), [printInput(beat.input, score)])}`;
  return linesOf(`await ${call(`${score}.beat`, [quote(beat.id), work, ...optional(options)])};`);
}

/** Plain `if` where nothing is tried again or timed; else a section, so that a failed attempt can be forgotten. */
function printIf(beat: IfBeat, context: PrintContext): string[] {
  const policy = policyOf(beat, context.score);
  if (policy.length === 0) return printChoice(beat, context);
  const inner = { ...context, score: 'section', loops: new Map() };
  const part = block('async (section) =>', [...printChoice(beat, inner), 'return ON;']);
  return leave(call(`${context.score}.section`, [quote(beat.id), object(policy), part]), beat, context);
}

function printChoice(beat: IfBeat, context: PrintContext): string[] {
  const condition = `await ${call(`${context.score}.choose`, [quote(beat.id), `() => ${printCondition(beat.condition, context.score)}`])}`;
  if (beat.onTrue.length === 0 && beat.onFalse.length === 0) return linesOf(`${condition};`);
  if (beat.onTrue.length === 0) return linesOf(block(printTest(`!(${condition})`), printList(beat.onFalse, context)));
  const then = block(printTest(condition), printList(beat.onTrue, context));
  return linesOf(beat.onFalse.length === 0 ? then : `${then} else ${block('', printList(beat.onFalse, context)).trimStart()}`);
}

function printTest(test: string): string {
  return test.includes('\n') ? ['if (', ...indent(linesOf(test)), ')'].join('\n') : `if (${test})`;
}

function printBranches(beat: ParallelBeat, context: PrintContext): string {
  const inner = { ...context, score: 'branch', loops: new Map() };
  return array(beat.branches.map((beats) => block('async (branch) =>', printPart(beats, inner))));
}

function printItem(beat: ForEachBeat, context: PrintContext): string[] {
  const inner = { ...context, score: 'each', loops: new Map() };
  const part = block('async (each) =>', printPart(beat.beats, inner));
  return beat.output === undefined ? [part] : [part, `(each) => (${printValue(beat.output, 'each', 'output')})`];
}

function printNodes(beat: GraphBeat, context: PrintContext): string {
  const inner = { ...context, score: 'node', loops: new Map() };
  const nodes = beat.nodes.map(({ id, dependsOn, beat: played }) =>
    object([
      `id: ${quote(id)}`,
      `dependsOn: ${literal(dependsOn)}`,
      `beat: ${quote(played.id)}`,
      `part: ${block('async (node) =>', printPart([played], inner))}`,
    ]),
  );
  return array(nodes);
}

function printChild(beat: SequenceBeat, context: PrintContext): string {
  const options = object([
    `args: [${printInput(beat.input, 'caller')}]`,
    `workflowId: \`\${workflowInfo().workflowId}/${beat.id.replaceAll(/[`\\$]/g, '\\$&')}\``,
    'parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL',
  ]);
  return `(caller) => ${call('executeChild', [context.workflow(beat), options])}`;
}

/** Awaits a flow, and follows it where it may lead elsewhere. */
function leave(expression: string, beat: BeatPlan, context: PrintContext): string[] {
  const exits = exitsOfBeat(beat);
  if (!exits.ends && exits.targets.length === 0) return linesOf(`await ${expression};`);
  if (alwaysLeaves(beat)) return leaveAtOnce(expression, exits, context);
  const flow = context.names.take(camelCase(beat.id));
  const jumps = exits.targets.flatMap((target) => {
    const loop = context.loops.get(target);
    return loop === undefined
      ? []
      : linesOf(block(`if (${flow}.go === 'to' && ${flow}.target === ${quote(target)})`, follow(loop, target)));
  });
  return [...linesOf(`const ${flow} = await ${expression};`), ...jumps, `if (${flow}.go !== 'on') return ${flow};`];
}

function alwaysLeaves(beat: BeatPlan): boolean {
  const unconditional = beat.when === undefined && beat.errorHandling !== 'continue';
  return unconditional && (beat.form === 'goto' || beat.form === 'stop');
}

function leaveAtOnce(expression: string, { targets }: Exits, { loops }: PrintContext): string[] {
  const target = targets[0];
  const loop = target === undefined ? undefined : loops.get(target);
  if (target === undefined || loop === undefined) return linesOf(`return ${expression};`);
  return [...linesOf(`await ${expression};`), ...follow(loop, target)];
}

function follow({ step, label }: Loop, target: string): string[] {
  return [`${step} = ${quote(target)};`, `continue ${label};`];
}

function parallelTerms(beat: ParallelBeat, score: string): string {
  const { strategy, concurrency } = beat;
  return object([...entriesOf({ strategy, concurrency }), ...policyOf(beat, score)]);
}

function eachTerms(beat: ForEachBeat, score: string): string {
  const { items, as, concurrency } = beat;
  return object([...entriesOf({ items, as, concurrency }), ...policyOf(beat, score)]);
}

function waitTerms(beat: WaitBeat, score: string): string {
  const { ms, awaitedEvent, eventTimeoutMs, onTimeout } = beat;
  const forEvent = awaitedEvent === undefined ? {} : { awaitedEvent, eventTimeoutMs, onTimeout };
  return object([...entriesOf({ ms, ...forEvent }), ...policyOf(beat, score)]);
}

function stopTerms(beat: StopBeat, score: string): string {
  const reason = beat.reason === undefined ? [] : [`reason: (end) => ${printValue(beat.reason, 'end', 'reason')}`];
  const final = beat.final ? [] : ['final: false'];
  return object([
    `status: ${quote(beat.status)}`,
    ...reason.map((text) => (text.includes('end.') ? text : text.replace('(end)', '()'))),
    ...final,
    ...policyOf(beat, score),
  ]);
}

function textOf(source: unknown, score: string): string {
  const value = printValue(source, score, 'prompt');
  return /^['`]/.test(value) ? value : `String(${value})`;
}

/** When a beat runs and what its failure does. */
function policyOf(beat: BeatPlan, score: string): string[] {
  const { when, delayMs, errorHandling, retry, timeoutMs } = beat;
  return [...guardOf({ when, delayMs, errorHandling }, score), ...entriesOf({ retry, timeoutMs })];
}

function guardOf(
  { when, delayMs, errorHandling }: Pick<BeatPlan, 'errorHandling'> & { when: BeatPlan['when'] | undefined; delayMs: number | undefined },
  score: string,
): string[] {
  return [
    ...(when === undefined ? [] : [`when: () => ${printCondition(when, score)}`]),
    ...entriesOf({ delayMs, errorHandling: errorHandling === 'continue' ? errorHandling : undefined }),
  ];
}

function entriesOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${key(name)}: ${literal(value)}`]));
}

function optional(entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [object(entries)];
}
