import { buildPrompt, compileTemplate, modelEndpoints, type PromptEntry } from '@selfheal/ai';
import { DEFAULT_AI_RETRIES, type FailureContext, type SentPrompt } from '@selfheal/contracts';
import { incidentFacts } from './incident-facts.ts';
import type { OpenPrompts } from './open-prompts.ts';
import { SAMPLE_FAILURE } from './sample-failure.ts';

/** Whose failure a preview shows: a recorded attempt's, an incident's, else a made-up one. */
export interface PreviewSubject {
  readonly attempt?: string;
  readonly incident?: string;
}

export interface PromptPreview {
  readonly prompt: SentPrompt;
  readonly context: FailureContext;
  readonly renderMs: number;
  readonly notes: readonly string[];
  /** Of each model that could be asked, in the order of fallback: what one attempt with it would cost, by estimate. */
  readonly estimates: readonly { readonly model: string; readonly inputTokens: number; readonly costUsd: number }[];
}

const WINDOW = 120_000;
/** Tokens of a usual answer, for estimates. */
const ANSWER_TOKENS = 600;

/** The prompt as it would be sent, and what it would cost. Nothing is sent. Fails with PROMPT_INVALID or RECORD_MISSING. */
export async function previewPrompt(prompts: OpenPrompts, template: PromptEntry, subject: PreviewSubject = {}): Promise<PromptPreview> {
  const context = await contextFor(prompts, subject);
  const compiled = await compileTemplate(template.name, template.text);
  const started = performance.now();
  const { notes, prompt } = buildPrompt(
    { id: template.id, version: template.version, compiled },
    { context, attempt: 1, maxAttempts: DEFAULT_AI_RETRIES, previous: [] },
    WINDOW,
  );
  const renderMs = performance.now() - started;
  const inputTokens = Math.ceil(Buffer.byteLength(prompt.system + prompt.user) / 3);
  const { endpoints } = modelEndpoints(prompts.project.config.ai, prompts.env);
  const estimates = endpoints.map(({ name, price }) => ({
    model: name,
    inputTokens,
    costUsd: (price.input * inputTokens + price.output * ANSWER_TOKENS) / 1_000_000,
  }));
  return { prompt, context, renderMs, notes, estimates };
}

export async function contextFor(prompts: OpenPrompts, { attempt, incident }: PreviewSubject): Promise<FailureContext> {
  if (attempt !== undefined) {
    const recorded = await prompts.records.need('remediationAttempt', attempt);
    if (recorded.context !== undefined) return recorded.context;
    if (recorded.incidentId !== undefined) return prompts.gather(await incidentFacts(prompts.records, recorded.incidentId));
  }
  return prompts.gather(incident === undefined ? SAMPLE_FAILURE : await incidentFacts(prompts.records, incident));
}
