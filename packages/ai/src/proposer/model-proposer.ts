import {
  type Abstention,
  type AiConfig,
  DEFAULT_AI_RETRIES,
  type DecisionProposer,
  type FailureContext,
  isSelfhealError,
  type ModelCall,
  type PreviousAttempt,
  type Proposal,
  type ProposeOptions,
  type Records,
  type RemediationDecision,
  type SentPrompt,
} from '@selfheal/contracts';
import type { Placeholders } from '@selfheal/redaction';
import { createAnswerCache } from '../answer/answer-cache.ts';
import { askStructured } from '../answer/ask-structured.ts';
import { ANSWER_SCHEMA, type DecisionAnswer } from '../answer/decision-answer.ts';
import { readAnswer } from '../answer/read-answer.ts';
import { createSpendLedger } from '../budget/spend-ledger.ts';
import { TextCleaner } from '../context/text-cleaner.ts';
import { modelEndpoints, modelKeys } from '../models/endpoints.ts';
import { createModelAsker, type ModelAsker } from '../models/model-asker.ts';
import { buildPrompt, type NamedTemplate } from '../prompt/build-prompt.ts';

/** The template for a failure, with what people must know of the choice. */
export type ChooseTemplate = (
  context: FailureContext,
  options: ProposeOptions,
) => Promise<{ template: NamedTemplate; notes: readonly string[] }>;

export interface ModelProposerOptions {
  readonly config: AiConfig;
  /** Keys are read from the variables that the configuration names. */
  readonly env: NodeJS.ProcessEnv;
  readonly records: Records;
  readonly projectId: string;
  readonly placeholders: Placeholders;
  readonly chooseTemplate: ChooseTemplate;
  readonly now?: () => number;
}

/** Tokens kept free for what a server adds. */
const SPARE_TOKENS = 500;
const MAX_RESPONSE = 60_000;

/**
 * Models as one proposer: the one that the beat names first, then the others in the order of the configuration, each behind its limits.
 * No answer that can be used, after one round of repair, is FAIL. No model that could be asked is an abstention: the deterministic path goes on.
 */
export function createModelProposer(options: ModelProposerOptions): DecisionProposer {
  const { config, env, placeholders, projectId, records } = options;
  const now = options.now ?? Date.now;
  const choice = modelEndpoints(config, env);
  const keys = modelKeys(config, env);
  const ledger = createSpendLedger({ records, projectId, limits: config, now });
  const cache = createAnswerCache({ records, projectId, cacheMs: config.cacheMs, now });
  const askers = choice.endpoints.map((endpoint) => createModelAsker(endpoint, config, ledger));
  return {
    name: 'models',
    async propose(context, asked, signal) {
      const ordered = inOrder(askers, asked.remediation.model);
      const notes = [...choice.notes, ...ordered.notes];
      if (ordered.askers.length === 0) return abstained({ reason: 'off', why: choice.notes.join('; ') }, { notes });
      const { template, notes: about } = await options.chooseTemplate(context, asked);
      notes.push(...about);
      const clean = () => new TextCleaner(placeholders, keys);
      const facts = {
        context,
        attempt: asked.attempt,
        maxAttempts: asked.remediation.maxAiRetries ?? DEFAULT_AI_RETRIES,
        previous: asked.previous.map((attempt) => cleanAttempt(attempt, clean())),
      };
      const made: Made = { calls: [], notes };
      for (const asker of ordered.askers) {
        const { contextTokens, maxOutputTokens } = asker.endpoint;
        const built = tryToBuild(template, facts, contextTokens - maxOutputTokens - SPARE_TOKENS);
        if ('why' in built) return abstained({ reason: 'unavailable', why: clean().line(built.why) }, made);
        const { prompt, notes: leftOut } = built;
        const result = await askStructured({
          asker,
          cache,
          prompt,
          schema: ANSWER_SCHEMA,
          read: readAnswer,
          sample: asked.sample ?? 0,
          incidentId: asked.incidentId,
          keys,
          signal,
        });
        made.prompt = prompt;
        made.calls.push(...result.calls);
        notes.push(...leftOut);
        if ('answer' in result)
          return decided(decisionOf(result.answer, asker, clean()), { ...made, response: shownResponse(result.response, clean()) });
        if ('problem' in result)
          return decided(unusable(result.problem, asker, clean()), { ...made, response: shownResponse(result.response, clean()) });
        notes.push(clean().line(result.error.message));
        if (result.error.code === 'CANCELLED') signal.throwIfAborted();
      }
      return abstained(whyNone(notes, made.calls), made);
    },
  };
}

interface Made {
  prompt?: SentPrompt;
  readonly response?: string;
  readonly calls: ModelCall[];
  readonly notes: readonly string[];
}

/** A template that passed its check can still write too much for what it is given. */
function tryToBuild(...[template, facts, window]: Parameters<typeof buildPrompt>): ReturnType<typeof buildPrompt> | { why: string } {
  try {
    return buildPrompt(template, facts, window);
  } catch (error) {
    if (isSelfhealError(error) && error.code === 'PROMPT_INVALID') return { why: error.message };
    throw error;
  }
}

function inOrder(askers: readonly ModelAsker[], first: string | undefined): { askers: readonly ModelAsker[]; notes: string[] } {
  const wanted = askers.filter(({ endpoint }) => endpoint.name === first || endpoint.model === first);
  if (first === undefined || askers.length === 0) return { askers, notes: [] };
  if (wanted.length === 0) return { askers, notes: [`no model "${first}" can be asked; the order of the configuration is kept`] };
  return { askers: [...wanted, ...askers.filter((asker) => !wanted.includes(asker))], notes: [] };
}

function shownResponse(response: string, cleaner: TextCleaner): string {
  return cleaner.text(response.slice(0, MAX_RESPONSE));
}

function decisionOf(answer: DecisionAnswer, { endpoint }: ModelAsker, cleaner: TextCleaner): RemediationDecision {
  const { confidence, decision, edits, expectedOutcome, reasoning } = answer;
  return {
    decision,
    reasoning: cleaner.text(reasoning).slice(0, 8_000),
    confidence,
    ...(edits.length > 0 ? { patch: { edits } } : {}),
    ...(expectedOutcome === '' ? {} : { expectedOutcome: cleaner.text(expectedOutcome).slice(0, 2_000) }),
    proposer: 'models',
    model: endpoint.name,
  };
}

function unusable(problem: string, { endpoint }: ModelAsker, cleaner: TextCleaner): RemediationDecision {
  const reasoning = cleaner.text(`The answer of ${endpoint.name} cannot be used, and its repair neither: ${problem}`).slice(0, 8_000);
  return { decision: 'FAIL', reasoning, confidence: 0, proposer: 'models', model: endpoint.name };
}

function cleanAttempt(attempt: PreviousAttempt, cleaner: TextCleaner): PreviousAttempt {
  return { ...attempt, reasoning: cleaner.text(attempt.reasoning).slice(0, 2_000), outcome: cleaner.text(attempt.outcome).slice(0, 4_000) };
}

/** A limit that is reached is told as such; whatever else happened stands in the notes. */
function whyNone(notes: readonly string[], calls: readonly ModelCall[]): Abstention {
  const budget = calls.find(({ error }) => error?.startsWith('AI_BUDGET_REACHED'));
  const why = calls.map(({ error, model }) => `${model}: ${error ?? 'no answer'}`).join('; ');
  if (budget) return { reason: 'budget', why: `${why}. No model is asked; the deterministic path decides` };
  return { reason: 'unavailable', why: why === '' ? notes.join('; ') : why };
}

function decided(decision: RemediationDecision, made: Made): Proposal {
  return { outcome: { kind: 'decided', decision }, ...proposalOf(made) };
}

function abstained(abstention: Abstention, made: Partial<Made>): Proposal {
  return { outcome: { kind: 'abstained', abstention }, ...proposalOf({ calls: [], notes: [], ...made }) };
}

function proposalOf({ calls, notes, prompt, response }: Made): Omit<Proposal, 'outcome'> {
  const sum = (field: 'inputTokens' | 'outputTokens' | 'costUsd') => calls.reduce((total, call) => total + call[field], 0);
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(response === undefined ? {} : { response }),
    calls: [...calls],
    usage: { inputTokens: sum('inputTokens'), outputTokens: sum('outputTokens'), costUsd: sum('costUsd') },
    notes: [...notes],
  };
}
