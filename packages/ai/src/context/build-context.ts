import {
  type ContextConfig,
  type FailureContext,
  type FailureSubject,
  failureContext,
  failureSubject,
  type Json,
} from '@selfheal/contracts';
import type { Placeholders } from '@selfheal/redaction';
import type { z } from 'zod';
import { type CodeRequest, codePart } from './code-part.ts';
import type { CodeSource } from './code-source.ts';
import { errorPart, errorPlaces, type RawError } from './error-part.ts';
import { fitContext } from './fit-context.ts';
import { type LogLine, logPart } from './log-part.ts';
import { resolveContextConfig } from './presets.ts';
import { sizesOf } from './size.ts';
import { summarise } from './summarise.ts';
import { TextCleaner } from './text-cleaner.ts';

/** What is known of a failure, raw. */
export interface FailureFacts {
  readonly subject: FailureSubject;
  readonly error?: RawError;
  /** Oldest first. */
  readonly logs?: readonly LogLine[];
  readonly environment?: NonNullable<FailureContext['environment']>;
  readonly input?: unknown;
  readonly learned?: Readonly<Record<string, Json>>;
  readonly document?: NonNullable<CodeRequest['document']>;
  /** A test that shows the failure. */
  readonly test?: NonNullable<CodeRequest['test']>;
}

export interface ContextOptions {
  /** What the beat asks for, then what the configuration says; the first that names a key counts. */
  readonly configs: readonly (ContextConfig | undefined)[];
  /** Absolute path of the repository: paths below it become relative. */
  readonly root: string;
  readonly placeholders: Placeholders;
  /** Values that are secret whatever they look like. */
  readonly secrets: readonly string[];
  /** Without it no code is shown, and every word of a log line counts as free text. */
  readonly code?: CodeSource;
}

const MAX_INPUT = 20_000;
const MAX_FIELD = 300;
const MAX_LEARNED = 3_000;
const environmentSchema = failureContext.shape.environment.unwrap();
const learnedSchema = failureContext.shape.learned.unwrap();

/** Gathers what a proposer is told of a failure: redacted, cleaned, within its size, with what had to be left out. */
export async function buildFailureContext(facts: FailureFacts, options: ContextOptions): Promise<FailureContext> {
  const config = resolveContextConfig(...options.configs);
  const cleaner = new TextCleaner(options.placeholders, options.secrets);
  const { error, environment } = facts;
  const parts = {
    ...(error && config.errorDetails ? { error: errorPart(error, options.root, cleaner) } : {}),
    ...(facts.logs && config.logs ? { logs: logPart(facts.logs, config.logLines, options.code?.files ?? {}, cleaner) } : {}),
    ...(options.code && config.code !== 'none'
      ? { code: await codePart(options.code, codeRequest(facts, config.code, options.root), cleaner) }
      : {}),
    ...(environment && config.environment ? { environment: cleanFields(environment, environmentSchema, MAX_FIELD, cleaner) } : {}),
    ...(facts.input === undefined ? {} : { input: inputText(facts.input, cleaner) }),
    ...(facts.learned === undefined ? {} : { learned: cleanFields({ ...facts.learned }, learnedSchema, MAX_LEARNED, cleaner) }),
  };
  const subject = cleanFields(facts.subject, failureSubject, MAX_FIELD, cleaner);
  const context: FailureContext = {
    subject,
    ...parts,
    summary: summarise(subject, parts),
    config,
    sizes: sizesOf(parts),
    trimmed: [],
    redactions: cleaner.redactions,
  };
  return fitContext(context, config.maxBytes);
}

function codeRequest(facts: FailureFacts, scope: CodeRequest['scope'], root: string): CodeRequest {
  return {
    scope,
    places: facts.error ? errorPlaces(facts.error, root) : [],
    ...(facts.subject.handler === undefined ? {} : { handler: facts.subject.handler }),
    ...(facts.document === undefined ? {} : { document: facts.document }),
    ...(facts.test === undefined ? {} : { test: facts.test }),
  };
}

function inputText(input: unknown, cleaner: TextCleaner): string {
  const text = JSON.stringify(input, undefined, 1) ?? '';
  const cut = text.length <= MAX_INPUT ? text : `${text.slice(0, MAX_INPUT)}… (${text.length - MAX_INPUT} more characters)`;
  return cleaner.text(cut);
}

/** The value with every text cleaned and cut, checked by its schema again. */
function cleanFields<T>(value: T, schema: z.ZodType<T>, most: number, cleaner: TextCleaner): T {
  const clean = (part: unknown): unknown => {
    if (typeof part === 'string') return cleaner.text(part).slice(0, most);
    if (Array.isArray(part)) return part.map(clean);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [cleaner.line(name).slice(0, most), clean(field)]));
  };
  return schema.parse(clean(value));
}
