import { isSelfhealError } from '@selfheal/contracts';
import { requireOwnPath } from '@selfheal/repository';
import { type DecisionAnswer, decisionAnswer } from './decision-answer.ts';
import { readObject } from './read-object.ts';

export type ReadAnswer = { readonly answer: DecisionAnswer } | { readonly problem: string };

/** The decision in a model's answer, or why there is none that can be used. */
export function readAnswer(text: string): ReadAnswer {
  const read = readObject(text, decisionAnswer);
  if ('problem' in read) return read;
  const foreign = read.value.edits.map(({ file }) => foreignPath(file)).find((problem) => problem !== undefined);
  return foreign === undefined ? { answer: read.value } : { problem: foreign };
}

function foreignPath(file: string): string | undefined {
  try {
    requireOwnPath(file);
    return undefined;
  } catch (error) {
    return isSelfhealError(error) ? error.detail : String(error);
  }
}
