import type { PromptTemplate, PromptVersion } from '@selfheal/contracts';
import { checkTemplate } from './check-template.ts';
import type { CheckedPrompt } from './new-prompt.ts';
import { systemTemplates } from './system-templates.ts';

export function versionId(templateId: string, version: number): string {
  return `${templateId}@${version}`;
}

/** System templates have one id in all projects; what is counted of them is a project's own. */
export function systemVersionId(projectId: string, templateId: string, version: number): string {
  return `${projectId}/${versionId(templateId, version)}`;
}

/** The first record of a version. */
export function versionRecord(
  { id, projectId, version }: PromptTemplate,
  { text, variables }: CheckedPrompt,
  author: string,
  createdAt: number,
): PromptVersion {
  return {
    id: versionId(id, version),
    projectId,
    templateId: id,
    version,
    text,
    variables: [...variables],
    author,
    uses: 0,
    successes: 0,
    createdAt,
  };
}

/** The texts of system templates are files; a record of one counts its outcomes. Undefined where there is no such template. */
export async function systemVersion(
  projectId: string,
  templateId: string,
  version: number,
  createdAt: number,
): Promise<PromptVersion | undefined> {
  const template = (await systemTemplates()).find(({ id }) => id === templateId);
  if (template === undefined) return undefined;
  const { variables } = await checkTemplate(template.text);
  return {
    id: systemVersionId(projectId, templateId, version),
    projectId,
    templateId,
    version,
    text: template.text,
    variables: [...variables],
    author: 'system',
    uses: 0,
    successes: 0,
    createdAt,
  };
}
