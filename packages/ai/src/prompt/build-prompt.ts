import { createHash } from 'node:crypto';
import type { SentPrompt } from '@selfheal/contracts';
import { fitContext } from '../context/fit-context.ts';
import { estimateTokens } from '../context/size.ts';
import { type PromptFacts, promptView } from './prompt-view.ts';
import type { CompiledTemplate } from './render-template.ts';
import { SYSTEM_PROMPT } from './system-prompt.ts';

export interface NamedTemplate {
  readonly id: string;
  readonly version: number;
  readonly compiled: CompiledTemplate;
}

const SMALLEST_CONTEXT = 512;

/**
 * The prompt for one model: rendered, and where it does not fit into `window` tokens, rendered again with less context, trimmed by
 * priority. `notes` tell what was left out for that.
 */
export function buildPrompt(template: NamedTemplate, facts: PromptFacts, window: number): { prompt: SentPrompt; notes: string[] } {
  const fixed = estimateTokens(Buffer.byteLength(SYSTEM_PROMPT, 'utf8'));
  let { context } = facts;
  for (let most = context.sizes.bytes; ; ) {
    const user = template.compiled.render(promptView({ ...facts, context }));
    const excess = fixed + estimateTokens(Buffer.byteLength(user, 'utf8')) - window;
    if (excess <= 0 || most <= SMALLEST_CONTEXT)
      return { prompt: sentPrompt(template, user), notes: context === facts.context ? [] : leftOut(context) };
    most = Math.max(SMALLEST_CONTEXT, Math.min(most - excess * 3, Math.floor(most * 0.9)));
    context = fitContext(facts.context, most);
  }
}

function leftOut({ trimmed }: PromptFacts['context']): string[] {
  return trimmed.map(
    ({ part, bytesBefore, bytesAfter, what }) =>
      `left out of the prompt for this model's window: ${part} (${what}), ${bytesBefore} to ${bytesAfter} bytes`,
  );
}

function sentPrompt({ id, version }: NamedTemplate, user: string): SentPrompt {
  const hash = createHash('sha256')
    .update(JSON.stringify([SYSTEM_PROMPT, user]))
    .digest('hex');
  return { templateId: id, templateVersion: version, system: SYSTEM_PROMPT, user, hash };
}
