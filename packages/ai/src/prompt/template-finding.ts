import { SelfhealError } from '@selfheal/contracts';

/** What is wrong with a template, and where; line and column count from 1. */
export interface TemplateFinding {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const SHOWN = 10;

export function invalidTemplate(name: string, findings: readonly TemplateFinding[]): SelfhealError {
  const shown = findings.slice(0, SHOWN).map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
  const more = findings.length > SHOWN ? `; and ${findings.length - SHOWN} more` : '';
  return new SelfhealError('PROMPT_INVALID', `${shown.join('; ')}${more}`, { where: { template: name } });
}
