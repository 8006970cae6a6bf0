import type { CodePart, FailureContext, Json, LogTemplate, PreviousAttempt } from '@selfheal/contracts';
import { type Fenced, fenced } from './fence.ts';

export interface PromptFacts {
  readonly context: FailureContext;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly previous: readonly PreviousAttempt[];
}

/** The variables of a template, see variables.ts. Everything that comes from outside is fenced. */
export function promptView({ context, attempt, maxAttempts, previous }: PromptFacts): Record<string, unknown> {
  const { error, environment, subject } = context;
  return {
    errorMessage: fenced(error?.message),
    errorType: fenced(error?.type),
    errorCode: fenced(error?.code),
    stackTrace: fenced(error?.stack.join('\n')),
    causes: fenced(error?.causes.map(({ type, message }) => `${type}: ${message}`).join('\n')),
    code: fenced((context.code ?? []).map(codeText).join('\n\n')),
    logs: fenced((context.logs ?? []).map(logText).join('\n')),
    environment: fenced(environment && environmentText(environment)),
    input: fenced(context.input),
    summary: fenced(context.summary),
    attempt,
    maxAttempts,
    incident: fencedFields({ ...subject.incident, class: subject.incident?.class ?? 'activity' }),
    activity: fencedFields(subject),
    codeParts: (context.code ?? []).map(fencedFields),
    logLines: (context.logs ?? []).map((line) => fencedFields({ ...line, values: slotValues(line) })),
    stackFrames: (error?.stack ?? []).map(fenced),
    attempts: previous.map(fencedFields),
    learned: fencedDeeply(context.learned ?? {}),
  };
}

function codeText(part: CodePart): string {
  return `${part.file}, lines ${part.startLine}-${part.endLine} (${part.why}${part.function === undefined ? '' : ` ${part.function}`}):\n${part.text}`;
}

function logText(line: LogTemplate): string {
  const values = slotValues(line);
  return `${line.level === undefined ? '' : `${line.level} `}${line.template}${values === '' ? '' : ` (${values})`}${line.count > 1 ? ` ×${line.count}` : ''}`;
}

function slotValues(line: LogTemplate): string {
  return line.slots
    .map(({ type, value, length }) => (value === undefined ? `${type} of ${length ?? 0} characters` : `${type} ${value}`))
    .join(', ');
}

function environmentText({ node, platform, temporal, dependencies }: NonNullable<FailureContext['environment']>): string {
  const versions = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  return [`Node.js ${node} on ${platform}`, ...(temporal === undefined ? [] : [`Temporal ${temporal}`]), ...versions].join('\n');
}

/** A record for a template: texts fenced, numbers as they are, everything else left out. */
function fencedFields(record: object): Record<string, Fenced | string | number> {
  const fields: Record<string, Fenced | string | number> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'number') fields[name] = value;
    else if (typeof value === 'string') fields[name] = fenced(value);
  }
  return fields;
}

function fencedDeeply(value: Json): unknown {
  if (typeof value === 'string') return fenced(value);
  if (Array.isArray(value)) return value.map(fencedDeeply);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fencedDeeply(field)]));
}
