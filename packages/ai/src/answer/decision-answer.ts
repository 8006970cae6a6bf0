import { edit } from '@selfheal/contracts';
import { z } from 'zod';

/** What a model answers. No limits stand in here: providers refuse schemas with them; they are checked after. */
const answerShape = z.strictObject({
  decision: z.enum(['RETRY', 'FAIL', 'ESCALATE']),
  reasoning: z.string(),
  confidence: z.number(),
  edits: z.array(z.strictObject(edit.shape)),
  expectedOutcome: z.string(),
});

export const ANSWER_SCHEMA = z.toJSONSchema(answerShape);

const MAX_TEXT = 50_000;
/** Characters that make code read otherwise than it runs (CVE-2021-42574), or that nobody sees. */
const DECEPTIVE = /(?![\t\n\r])[\p{Cc}\p{Cf}\u115F\u1160\u3164]/u;
const PLACEHOLDER = /<redacted:[a-z-]+:[0-9a-f]{8}>/;

/** The answer with its limits: what passes here is still only a proposal. */
export const decisionAnswer = answerShape
  .extend({
    reasoning: z.string().trim().min(1).max(8_000),
    confidence: z.number().min(0).max(1),
    edits: z
      .array(z.strictObject({ file: z.string().min(1).max(500), search: z.string().max(MAX_TEXT), replace: z.string().max(MAX_TEXT) }))
      .max(50)
      .default([]),
    expectedOutcome: z.string().max(2_000).default(''),
  })
  .check(({ value, issues }) => {
    const refuse = (index: number, message: string) => issues.push({ code: 'custom', input: value, path: ['edits', index], message });
    if (value.decision !== 'RETRY' && value.edits.length > 0) {
      issues.push({ code: 'custom', input: value, path: ['edits'], message: `${value.decision} has no edits` });
    }
    for (const [index, { file, search, replace }] of value.edits.entries()) {
      if (/\p{Cc}/u.test(file) || DECEPTIVE.test(file) || DECEPTIVE.test(replace))
        refuse(index, 'it brings invisible or control characters');
      if (PLACEHOLDER.test(replace) && !PLACEHOLDER.test(search)) refuse(index, 'it writes the placeholder of a redacted value into code');
      if (search === replace) refuse(index, 'it changes nothing');
    }
  });
export type DecisionAnswer = z.infer<typeof decisionAnswer>;
