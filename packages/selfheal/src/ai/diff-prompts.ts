import type { PromptEntry } from '@selfheal/ai';
import { createTwoFilesPatch } from 'diff';

/** The change between two versions of a template, as a unified diff. */
export function diffPrompts(before: PromptEntry, after: PromptEntry): string {
  return createTwoFilesPatch(
    `${before.name} version ${before.version}`,
    `${after.name} version ${after.version}`,
    before.text,
    after.text,
    '',
    '',
    { context: 3 },
  );
}
