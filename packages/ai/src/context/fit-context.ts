import type { ContextPartName, FailureContext } from '@selfheal/contracts';
import { bytesOf, PART_NAMES, sizesOf } from './size.ts';

/** Bytes kept for the record of what was trimmed. */
const MARGIN = 1_024;
const USUAL_LOGS = 100;
const RECENT_LOGS = 20;
const NEAREST_FRAMES = 10;
const SHORT_INPUT = 2_000;
const SHORT_MESSAGE = 2_000;
const SHORT_CODE = 4_000;

/** One step: takes away at least `excess` bytes of one part if it can, and no more than needed. */
interface Step {
  readonly part: ContextPartName;
  readonly what: string;
  take(context: FailureContext, excess: number): FailureContext;
}

/** What goes first, from the least to the most telling. */
const STEPS: readonly Step[] = [
  { part: 'learned', what: 'examples and insights', take: ({ learned: _, ...rest }) => rest },
  { part: 'logs', what: `log lines before the last ${USUAL_LOGS}`, take: (context, excess) => dropLogs(context, excess, USUAL_LOGS) },
  { part: 'code', what: 'callers and callees', take: (context, excess) => dropCode(context, excess, 0.6, 0) },
  { part: 'environment', what: 'dependencies that the error does not name', take: dropDependencies },
  { part: 'logs', what: `log lines before the last ${RECENT_LOGS}`, take: (context, excess) => dropLogs(context, excess, RECENT_LOGS) },
  { part: 'input', what: `input beyond ${SHORT_INPUT} characters`, take: shortenInput },
  { part: 'code', what: 'all but the nearest code', take: (context, excess) => dropCode(context, excess, 2, 2) },
  { part: 'error', what: `frames beyond the nearest ${NEAREST_FRAMES}, causes, the message's tail`, take: shortenError },
  { part: 'logs', what: 'log lines', take: (context, excess) => dropLogs(context, excess, 0) },
  { part: 'code', what: 'all but the code at the error', take: (context, excess) => dropCode(context, excess, 2, 1) },
  { part: 'code', what: `code beyond ${SHORT_CODE} characters`, take: shortenCode },
  { part: 'environment', what: 'environment', take: ({ environment: _, ...rest }) => rest },
  { part: 'input', what: 'input', take: ({ input: _, ...rest }) => rest },
  { part: 'code', what: 'code', take: ({ code: _, ...rest }) => rest },
  { part: 'error', what: 'stack', take: (context) => (context.error ? { ...context, error: { ...context.error, stack: [] } } : context) },
];

/** The context in at most `maxBytes` as JSON, if its fixed part leaves room: trimmed by priority, and what was trimmed is told by part. */
export function fitContext(context: FailureContext, maxBytes: number): FailureContext {
  if (bytesOf(context) <= maxBytes) return context;
  const before = sizesOf(context).parts;
  const what = new Map<ContextPartName, string[]>();
  let fitted = context;
  for (const step of STEPS) {
    const excess = bytesOf(fitted) + MARGIN - maxBytes;
    if (excess <= 0) break;
    const size = bytesOf(fitted[step.part]);
    fitted = step.take(fitted, excess);
    if (bytesOf(fitted[step.part]) < size) what.set(step.part, [...(what.get(step.part) ?? []), step.what]);
  }
  const sizes = sizesOf(fitted);
  const trimmed = PART_NAMES.filter((part) => what.has(part)).map((part) => ({
    part,
    bytesBefore: context.trimmed.find((earlier) => earlier.part === part)?.bytesBefore ?? before[part] ?? 0,
    bytesAfter: sizes.parts[part] ?? 0,
    what: (what.get(part) ?? []).join('; '),
  }));
  const untouched = context.trimmed.filter((earlier) => !what.has(earlier.part));
  return { ...fitted, sizes, trimmed: [...untouched, ...trimmed] };
}

/** Drops parts less relevant than `below`, the least relevant first, but keeps the first `keep`. */
function dropCode(context: FailureContext, excess: number, below: number, keep: number): FailureContext {
  const kept = [...(context.code ?? [])];
  for (let left = excess; left > 0 && kept.length > keep; ) {
    const last = kept.at(-1);
    if (last === undefined || last.relevance >= below) break;
    kept.pop();
    left -= bytesOf(last) + 1;
  }
  return context.code === undefined ? context : { ...context, code: kept };
}

function dropLogs(context: FailureContext, excess: number, keep: number): FailureContext {
  if (context.logs === undefined) return context;
  let left = excess;
  let from = 0;
  while (left > 0 && context.logs.length - from > keep) {
    left -= bytesOf(context.logs[from]) + 1;
    from += 1;
  }
  return { ...context, logs: context.logs.slice(from) };
}

function dropDependencies(context: FailureContext): FailureContext {
  if (context.environment === undefined) return context;
  const named = `${context.error?.message ?? ''}\n${context.error?.stack.join('\n') ?? ''}`;
  const kept = Object.entries(context.environment.dependencies).filter(([name]) => named.includes(name));
  return { ...context, environment: { ...context.environment, dependencies: Object.fromEntries(kept) } };
}

function shortenInput(context: FailureContext): FailureContext {
  return context.input === undefined ? context : { ...context, input: shortened(context.input, SHORT_INPUT) };
}

function shortenError(context: FailureContext): FailureContext {
  const { error } = context;
  if (error === undefined) return context;
  const message = shortened(error.message, SHORT_MESSAGE);
  return { ...context, error: { ...error, message, stack: error.stack.slice(0, NEAREST_FRAMES), causes: error.causes.slice(0, 1) } };
}

function shortenCode(context: FailureContext): FailureContext {
  if (context.code === undefined) return context;
  return { ...context, code: context.code.map((part) => ({ ...part, text: shortened(part.text, SHORT_CODE) })) };
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
