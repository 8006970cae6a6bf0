import type { ModelCall, SelfhealError } from '@selfheal/contracts';
import type { ModelAsker } from '../models/model-asker.ts';
import type { ChatMessage, ModelRequest } from '../models/model-client.ts';
import type { AnswerCache } from './answer-cache.ts';

/** A question whose answer is one JSON object. */
export interface StructuredQuestion<T> {
  readonly asker: ModelAsker;
  readonly cache: AnswerCache;
  /** `hash` names the texts. */
  readonly prompt: { readonly system: string; readonly user: string; readonly hash: string };
  readonly schema: ModelRequest['schema'];
  /** What the answer says, or what is wrong with it in words that the model is told. */
  readonly read: (text: string) => { readonly answer: T } | { readonly problem: string };
  /** Which of several answers to this prompt is wanted. */
  readonly sample: number;
  /** What the spend is counted for. */
  readonly incidentId: string;
  /** Taken out of the answer before anything reads or keeps it. */
  readonly keys: readonly string[];
  readonly signal: AbortSignal;
}

/** A usable answer; what is wrong with the repaired one; or why there is none. */
export type StructuredAnswer<T> = { readonly calls: ModelCall[] } & (
  | { readonly answer: T; readonly response: string }
  | { readonly problem: string; readonly response: string }
  | { readonly error: SelfhealError }
);

const QUOTED = 4_000;

/** Asks one model: from the cache, else anew, with one round of repair for an answer that cannot be used. */
export async function askStructured<T>(question: StructuredQuestion<T>): Promise<StructuredAnswer<T>> {
  const { asker, cache, prompt, read: readAnswer, sample } = question;
  const cached = { hash: prompt.hash, sample };
  const kept = await cache.find(asker.endpoint, cached);
  const known = kept === undefined ? undefined : readAnswer(kept);
  if (kept !== undefined && known !== undefined && 'answer' in known)
    return { answer: known.answer, response: kept, calls: [cachedCall(asker)] };
  const first = await ask(question, 'decision', [{ role: 'user', content: prompt.user }]);
  if ('error' in first) return { error: first.error, calls: [first.call] };
  const read = readAnswer(first.text);
  if ('answer' in read) {
    await cache.keep(asker.endpoint, cached, first.text, first.call);
    return { answer: read.answer, response: first.text, calls: [first.call] };
  }
  const second = await ask(question, 'repair', repairMessages(prompt.user, first.text, read.problem));
  const calls = [first.call, second.call];
  // No second answer: the first one is what there is, and it cannot be used.
  if ('error' in second) return { problem: read.problem, response: first.text, calls };
  const repaired = readAnswer(second.text);
  if ('problem' in repaired) return { problem: repaired.problem, response: second.text, calls };
  await cache.keep(asker.endpoint, cached, second.text, second.call);
  return { answer: repaired.answer, response: second.text, calls };
}

async function ask<T>(
  { asker, incidentId, keys, prompt, schema, signal }: StructuredQuestion<T>,
  purpose: ModelCall['purpose'],
  messages: readonly ChatMessage[],
): Promise<{ text: string; call: ModelCall } | { error: SelfhealError; call: ModelCall }> {
  const asked = await asker.ask({ system: prompt.system, messages, schema }, { incidentId, purpose }, signal);
  if ('error' in asked) return asked;
  return { text: keys.reduce((text, key) => text.replaceAll(key, '<key>'), asked.text), call: asked.call };
}

function repairMessages(user: string, answer: string, problem: string): ChatMessage[] {
  return [
    { role: 'user', content: user },
    { role: 'assistant', content: answer.trim() === '' ? '(nothing)' : answer.slice(0, QUOTED) },
    {
      role: 'user',
      content: `That answer cannot be used: ${problem}. Answer again with one JSON object of exactly the fields that were named, and nothing else.`,
    },
  ];
}

function cachedCall({ endpoint }: ModelAsker): ModelCall {
  return {
    provider: endpoint.api,
    model: endpoint.model,
    purpose: 'decision',
    outcome: 'cached',
    startedAt: Date.now(),
    durationMs: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    requests: 0,
  };
}
