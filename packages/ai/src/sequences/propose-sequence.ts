import { type AiConfig, type ModelCall, type Records, SelfhealError } from '@selfheal/contracts';
import type { Placeholders } from '@selfheal/redaction';
import { createAnswerCache } from '../answer/answer-cache.ts';
import { askStructured } from '../answer/ask-structured.ts';
import { readObject } from '../answer/read-object.ts';
import { createSpendLedger } from '../budget/spend-ledger.ts';
import { TextCleaner } from '../context/text-cleaner.ts';
import { modelEndpoints, modelKeys } from '../models/endpoints.ts';
import { createModelAsker } from '../models/model-asker.ts';
import { SEQUENCE_ANSWER_SCHEMA, type SequenceAnswer, sequenceAnswer } from './sequence-answer.ts';
import { sequencePrompt } from './sequence-prompt.ts';

export interface SequenceRequest {
  /** In the words of a person. */
  readonly request: string;
  /** What sequences can be made of, as text. */
  readonly capabilities: string;
  /** What is wrong with a document, with its place; undefined where nothing is. */
  check(document: string): string | undefined;
}

/** What came of a request. Whatever it is, nothing of it was run. */
export interface SequenceProposal {
  readonly model: string;
  readonly answer: SequenceAnswer | undefined;
  /** What is wrong with the last answer, its repair included; undefined where it can be used. */
  readonly problem: string | undefined;
  /** The last answer as the model gave it. */
  readonly response: string;
  readonly calls: readonly ModelCall[];
  readonly notes: readonly string[];
}

export interface SequenceProposerOptions {
  readonly config: AiConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly records: Records;
  readonly projectId: string;
  readonly placeholders: Placeholders;
  readonly now?: () => number;
}

/** What the spend for sequences is counted for, beside the month; per day, so that the limit of one incident is one of a day. */
const SPENT_FOR = 'sequence-propose';

/**
 * Asks the models, in the order of the configuration, for a sequence that does what a person asks for. An answer that cannot be read, or whose
 * document is not valid, is sent back once with what is wrong. Fails with AI_OFF where no model can be asked, and with the error of the last one
 * where none answered (AI_*, CANCELLED).
 */
export async function proposeSequence(
  request: SequenceRequest,
  options: SequenceProposerOptions,
  signal: AbortSignal,
): Promise<SequenceProposal> {
  const { config, env, placeholders, projectId, records, now = Date.now } = options;
  const { endpoints, notes: choice } = modelEndpoints(config, env);
  const keys = modelKeys(config, env);
  const ledger = createSpendLedger({ records, projectId, limits: config, now });
  const cache = createAnswerCache({ records, projectId, cacheMs: config.cacheMs, now });
  const prompt = sequencePrompt(new TextCleaner(placeholders, keys).text(request.request), request.capabilities);
  const incidentId = `${SPENT_FOR}:${new Date(now()).toISOString().slice(0, 10)}`;
  const notes = [...choice];
  const calls: ModelCall[] = [];
  let failure = new SelfhealError('AI_OFF', choice.join('; '));
  for (const endpoint of endpoints) {
    const asker = createModelAsker(endpoint, config, ledger);
    const asked = { asker, cache, prompt, sample: 0, incidentId, keys, signal, schema: SEQUENCE_ANSWER_SCHEMA };
    const result = await askStructured({ ...asked, read: (text) => readSequenceAnswer(text, request) });
    calls.push(...result.calls);
    if ('error' in result) {
      if (result.error.code === 'CANCELLED') throw result.error;
      notes.push(result.error.message);
      failure = result.error;
      continue;
    }
    const used = 'answer' in result ? { answer: result.answer, problem: undefined } : { answer: undefined, problem: result.problem };
    return { model: endpoint.name, ...used, response: result.response, calls, notes };
  }
  throw failure;
}

function readSequenceAnswer(text: string, { check }: SequenceRequest): { answer: SequenceAnswer } | { problem: string } {
  const read = readObject(text, sequenceAnswer);
  if ('problem' in read) return read;
  const problem = read.value.document === '' ? undefined : check(read.value.document);
  return problem === undefined ? { answer: read.value } : { problem: `the document is not valid:\n${problem}` };
}
