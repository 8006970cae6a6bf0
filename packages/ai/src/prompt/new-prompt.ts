import { SelfhealError } from '@selfheal/contracts';
import { checkTemplate } from './check-template.ts';
import { invalidTemplate } from './template-finding.ts';

/** What a template is made of. */
export interface NewPrompt {
  readonly name: string;
  readonly text: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,79}$/;
const TAG = /^[a-z0-9][a-z0-9-]{0,39}$/;
const MAX_DESCRIPTION = 500;

/** A text that passed its check. */
export interface CheckedPrompt {
  readonly text: string;
  readonly variables: readonly string[];
}

/** Fails with PROMPT_INVALID for the text, with INPUT_INVALID for what describes it. */
export async function checkPrompt({ description = '', name, tags = [], text }: NewPrompt): Promise<CheckedPrompt> {
  if (!NAME.test(name))
    throw new SelfhealError(
      'INPUT_INVALID',
      `the name ${JSON.stringify(name.slice(0, 80))} is not 1 to 80 letters, digits, blanks and . _ -`,
    );
  if (description.length > MAX_DESCRIPTION || /\p{Cc}/u.test(description))
    throw new SelfhealError('INPUT_INVALID', `the description is one line of at most ${MAX_DESCRIPTION} characters`);
  const wrong = tags.find((tag) => !TAG.test(tag));
  if (wrong !== undefined)
    throw new SelfhealError('INPUT_INVALID', `the tag ${JSON.stringify(wrong.slice(0, 40))} is not 1 to 40 small letters, digits and -`);
  const { findings, variables } = await checkTemplate(text);
  if (findings.length > 0) throw invalidTemplate(name, findings);
  return { text, variables };
}
