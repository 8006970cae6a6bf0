import { userInfo } from 'node:os';
import { type AttemptResult, type DecisionKind, type RemediationAttempt, SelfhealError } from '@selfheal/contracts';
import { printable } from 'selfheal';
import { duration, type Style, styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';
import { withHealing } from './with-healing.ts';

export interface AttemptsListOptions extends CommonOptions {
  readonly decision?: DecisionKind;
  readonly result?: AttemptResult;
  readonly sequence?: string;
  readonly beat?: string;
  readonly workflow?: string;
  readonly limit: string;
  readonly offset: string;
}

/** `selfheal attempts list`: a page of what was done about failed beats, newest first. */
export async function attemptsListCommand(terminal: Terminal, options: AttemptsListOptions): Promise<void> {
  const limit = countOf('--limit', options.limit);
  const offset = countOf('--offset', options.offset);
  const { result, sequence, beat, workflow, decision } = options;
  await withHealing(terminal, options, async ({ records, project }) => {
    const found = await records.list('remediationAttempt', {
      where: {
        projectId: project.id,
        ...(result && { result }),
        ...(sequence !== undefined && { sequence }),
        ...(beat !== undefined && { beat }),
        ...(workflow !== undefined && { workflowId: workflow }),
      },
      orderBy: { field: 'createdAt', direction: 'desc' },
    });
    const all = decision === undefined ? found : found.filter((attempt) => attempt.decision?.decision === decision);
    const page = all.slice(offset, offset + limit);
    await writeJson(terminal, options.json, { total: all.length, offset, attempts: page });
    if (options.json === '-') return;
    if (page.length === 0) terminal.stdout.write(all.length === 0 ? 'No attempt so far.\n' : `No more; ${all.length} in all.\n`);
    for (const attempt of page) terminal.stdout.write(`${lineOf(attempt, styleOf(terminal))}\n`);
    const next = offset + page.length;
    if (next < all.length) terminal.stdout.write(`${all.length - next} more: --offset ${next}\n`);
  });
}

/** `selfheal attempts show`: everything known of one attempt. */
export async function attemptsShowCommand(terminal: Terminal, id: string, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async ({ records }) => {
    const attempt = await records.need('remediationAttempt', id);
    await writeJson(terminal, options.json, attempt);
    if (options.json !== '-') terminal.stdout.write(`${pageOf(attempt, styleOf(terminal))}\n`);
  });
}

/** `selfheal attempts again`: a new decision on the same failure, acted on; exit 4 where the beat fails again. */
export async function attemptsAgainCommand(terminal: Terminal, id: string, options: CommonOptions): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    const { incidentId } = await healing.records.need('remediationAttempt', id);
    if (incidentId !== undefined)
      throw new SelfhealError('INPUT_INVALID', `${id} is what a model proposed for the incident ${incidentId}: heal that again instead`);
    healing.on('notice', (line) => terminal.stderr.write(`${line}\n`));
    await healing.start();
    try {
      await writeJson(terminal, options.json ?? '-', (await healing.remediateAgain(id)).output);
    } catch (error) {
      if (!(error instanceof SelfhealError)) throw error;
      terminal.stderr.write(`selfheal: ${error.message} [${error.code}]\n`);
      exitWith(4);
    }
  });
}

/** `selfheal attempts decide`: a person's answer to an escalation. */
export async function attemptsDecideCommand(
  terminal: Terminal,
  id: string,
  options: CommonOptions & { readonly decision: 'RETRY' | 'FAIL'; readonly why: string; readonly by?: string },
): Promise<void> {
  await withHealing(terminal, options, async (healing) => {
    await healing.start();
    const { decision, why } = options;
    await healing.decideRemediation(id, { decision, why, by: options.by ?? userInfo().username });
    terminal.stdout.write(`${id}: ${decision}\n`);
  });
}

function lineOf({ id, createdAt, decision, result, sequence, beat, detail }: RemediationAttempt, style: Style): string {
  const when = new Date(createdAt).toISOString().slice(0, 19).replace('T', ' ');
  const kind = (decision?.decision ?? '?').padEnd(8);
  return `${when}  ${kind}  ${result.padEnd(12)}  ${sequence} · ${beat}  ${style.dim(printable(detail).slice(0, 80))}\n  ${id}`;
}

function pageOf(attempt: RemediationAttempt, style: Style): string {
  const { decision, context, usage, timings } = attempt;
  const rows: (readonly [string, string | undefined])[] = [
    ['attempt', `${attempt.id} (${attempt.attempt}, ${attempt.trigger})`],
    ['failed', `${attempt.sequence} · ${attempt.beat} (${attempt.handler ?? 'no handler'}) in ${attempt.workflowId}`],
    ['error', context?.error && `${context.error.type}: ${context.error.message}`],
    [
      'decision',
      decision &&
        `${decision.decision} by ${decision.proposer}${decision.model === undefined ? '' : ` (${decision.model})`}, confidence ${decision.confidence.toFixed(2)}`,
    ],
    ['why', decision?.reasoning],
    ['result', `${attempt.result}: ${attempt.detail}`],
    [
      'asked',
      attempt.proposals
        .map(({ proposer, outcome }) => `${proposer}: ${outcome.kind === 'decided' ? outcome.decision.decision : outcome.abstention.why}`)
        .join('\n'),
    ],
    ['context', context && `${context.sizes.bytes} bytes, about ${context.sizes.tokens} tokens; ${context.redactions} secrets replaced`],
    ['prompt', attempt.prompt && `${attempt.prompt.templateId}@${attempt.prompt.templateVersion}`],
    ['cost', `${usage.inputTokens} + ${usage.outputTokens} tokens, $${usage.costUsd.toFixed(4)} in ${attempt.calls.length} calls`],
    [
      'times',
      Object.entries(timings)
        .map(([stage, ms]) => `${stage} ${duration(ms)}`)
        .join(', '),
    ],
    ['notes', attempt.notes.join('\n') || undefined],
    [
      'patch',
      decision?.patch?.edits.map(({ file, search, replace }) => `${file}\n${marked('-', search)}\n${marked('+', replace)}`).join('\n'),
    ],
  ];
  return rows
    .flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${style.bold(name.padEnd(9))} ${indented(value)}`]))
    .join('\n');
}

/** What comes from outside must not steer the terminal. */
function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join(`\n${' '.repeat(10)}`);
}

function marked(mark: string, text: string): string {
  return text
    .split('\n')
    .map((line) => `${mark} ${line}`)
    .join('\n');
}

function countOf(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new SelfhealError('INPUT_INVALID', `${option} ${text}: a whole number is needed`);
  return Number(text);
}
