import { createHash } from 'node:crypto';

/** A template as the miner holds it. */
export interface Template {
  readonly id: string;
  /** With ANY and TYPED for variables. */
  tokens: string[];
  count: number;
  /** Counts changes of `tokens`. */
  version: number;
  /** The template that took this one in. */
  mergedInto: Template | undefined;
}

/** The template that stands for this one now. */
export function current(template: Template): Template {
  let found = template;
  while (found.mergedInto !== undefined) found = found.mergedInto;
  if (template !== found) template.mergedInto = found;
  return found;
}

/** Equal for equal births in all workers and runs. */
export function templateId(tokens: readonly string[]): string {
  return createHash('sha256').update(tokens.join(' ')).digest('hex').slice(0, 12);
}
