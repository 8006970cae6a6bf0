import { findHostileText } from './hostile-text.ts';
import { nearestName } from './nearest-name.ts';
import type { TemplateFinding } from './template-finding.ts';
import { loadHandlebars, parseTemplate } from './template-syntax.ts';
import { TemplateWalk } from './template-walk.ts';

export const MAX_TEMPLATE_CHARACTERS = 65_536;

export interface CheckedTemplate {
  readonly findings: readonly TemplateFinding[];
  /** Variables that it names, such as `incident.title`, in the order of the alphabet. */
  readonly variables: readonly string[];
}

/** Checks a template before it is ever rendered: syntax, closed lists of variables and helpers, nothing hidden or active in its text. */
export async function checkTemplate(text: string): Promise<CheckedTemplate> {
  if (text.trim() === '') return { findings: [{ line: 1, column: 1, message: 'the template is empty' }], variables: [] };
  if (text.length > MAX_TEMPLATE_CHARACTERS) {
    return {
      findings: [{ line: 1, column: 1, message: `the template has more than ${MAX_TEMPLATE_CHARACTERS} characters` }],
      variables: [],
    };
  }
  const hostile = findHostileText(text);
  const parsed = parseTemplate(await loadHandlebars(), text);
  if ('finding' in parsed) return { findings: [...hostile, parsed.finding], variables: [] };
  const walk = new TemplateWalk(nearestName);
  walk.program(parsed.tree);
  return {
    findings: [...hostile, ...walk.findings].toSorted((a, b) => a.line - b.line || a.column - b.column),
    variables: [...walk.variables].sort(),
  };
}
