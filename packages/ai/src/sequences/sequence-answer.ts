import { z } from 'zod';

/** What a model answers to a request for a sequence. The document is a text: no provider's schemas can tell of nested beats. */
const answerShape = z.strictObject({
  interpretation: z.string(),
  questions: z.array(z.string()),
  document: z.string(),
  explanation: z.string(),
  confidence: z.number(),
});

export const SEQUENCE_ANSWER_SCHEMA = z.toJSONSchema(answerShape);

const line = z.string().trim().max(500);

/** The answer with its limits: questions or a document, never both. */
export const sequenceAnswer = answerShape
  .extend({
    interpretation: z.string().trim().min(1).max(4_000),
    questions: z.array(line.min(1)).max(5),
    document: z.string().trim().max(100_000),
    explanation: z.string().trim().max(8_000),
    confidence: z.number().min(0).max(1),
  })
  .refine(({ document, questions }) => (document === '') !== (questions.length === 0), {
    path: ['document'],
    message: 'either questions are asked and it is empty, or there are no questions and it holds the sequence',
  });
export type SequenceAnswer = z.infer<typeof sequenceAnswer>;
