import { z } from 'zod';

/** How much of the code base a model is shown: nothing, the functions of the stack, the sequence around them too, or all by relevance. */
export const codeScope = z.enum(['none', 'activity', 'workflow', 'codebase']);
export type CodeScope = z.infer<typeof codeScope>;

/** What a failure's context holds. What is left out of it comes from the preset, and that from the configuration. */
export const contextConfig = z.strictObject({
  preset: z.enum(['minimal', 'standard', 'comprehensive']).describe('What holds where a key below is left out.').exactOptional(),
  errorDetails: z.boolean().describe('Type, message and stack of the error.').exactOptional(),
  logs: z.boolean().describe('The last log lines, as templates with typed slots.').exactOptional(),
  logLines: z.int().min(10).max(1000).describe('How many log lines; 100 where nothing else is said.').exactOptional(),
  code: codeScope.describe('How much of the code is shown.').exactOptional(),
  environment: z.boolean().describe('Versions of Node.js, Temporal and the dependencies.').exactOptional(),
  maxBytes: z.int().min(1024).max(51_200).describe('Bytes of the context as JSON; parts are trimmed by priority.').exactOptional(),
});
export type ContextConfig = z.infer<typeof contextConfig>;

export const decisionKind = z.enum(['RETRY', 'FAIL', 'ESCALATE']);
export type DecisionKind = z.infer<typeof decisionKind>;

export const DEFAULT_AI_RETRIES = 3;

/** What a beat says about its remediation. */
export const aiRemediationOptions = z.strictObject({
  enabled: z.boolean(),
  promptTemplateId: z.string().min(1).exactOptional(),
  maxAiRetries: z.int().min(1).max(5).describe(`Attempts at most; ${DEFAULT_AI_RETRIES} where nothing is said.`).exactOptional(),
  model: z.string().min(1).describe('The model asked first: a name of `ai.models` in the configuration.').exactOptional(),
  stopAfter: z
    .enum(['decide', 'validate', 'retry'])
    .describe('Go no further: decide records the decision, validate proves the patch, retry runs the beat with it but does not keep it.')
    .exactOptional(),
  decisionHandlers: z
    .partialRecord(decisionKind, z.string().min(1))
    .describe('Handlers that take a decision in place of the built-in routing, by name.')
    .exactOptional(),
  contextConfig: contextConfig.exactOptional(),
});
export type AiRemediationOptions = z.infer<typeof aiRemediationOptions>;
