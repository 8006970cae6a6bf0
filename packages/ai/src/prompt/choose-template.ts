import { isSelfhealError, type Records } from '@selfheal/contracts';
import type { ChooseTemplate } from '../proposer/model-proposer.ts';
import type { NamedTemplate } from './build-prompt.ts';
import { versionId } from './prompt-version.ts';
import { type CompiledTemplate, compileTemplate } from './render-template.ts';
import { incidentClass, systemTemplate } from './system-templates.ts';

export interface TemplateOptions {
  readonly records: Records;
  readonly projectId: string;
  /** For beats that name none. */
  readonly fallback?: string | undefined;
}

/**
 * The template that a beat names (by id, or by name), else that of the configuration, else the system's for the class of the incident.
 * One that is gone or no longer valid gives way to the system's, and a note says so.
 */
export function templateChooser({ fallback, projectId, records }: TemplateOptions): ChooseTemplate {
  const compiled = new Map<string, Promise<CompiledTemplate>>();
  const compile = (id: string, version: number, text: string): Promise<CompiledTemplate> => {
    const key = versionId(id, version);
    const known = compiled.get(key) ?? compileTemplate(id, text);
    compiled.set(key, known);
    return known;
  };
  const stored = async (wanted: string): Promise<NamedTemplate | undefined> => {
    const templates = await records.list('promptTemplate', { where: { projectId } });
    const found = templates.find(({ deletedAt, id, name }) => deletedAt === undefined && (id === wanted || name === wanted));
    if (found === undefined) return undefined;
    const { text, version } = await records.need('promptVersion', versionId(found.id, found.version));
    return { id: found.id, version, compiled: await compile(found.id, version, text) };
  };
  const system = async (name: string | undefined): Promise<NamedTemplate> => {
    const { id, text, version } = await systemTemplate(incidentClass(name));
    return { id, version, compiled: await compile(id, version, text) };
  };
  return async (context, { remediation }) => {
    const wanted = remediation.promptTemplateId ?? fallback;
    const ofClass = context.subject.incident?.class;
    if (wanted === undefined) return { template: await system(ofClass), notes: [] };
    if (wanted.startsWith('system:')) return { template: await system(wanted.slice('system:'.length)), notes: [] };
    try {
      const template = await stored(wanted);
      if (template !== undefined) return { template, notes: [] };
      return { template: await system(ofClass), notes: [`no prompt template "${wanted}"; the system's is used`] };
    } catch (error) {
      if (!isSelfhealError(error) || error.code !== 'PROMPT_INVALID') throw error;
      return { template: await system(ofClass), notes: [`${error.message} The system's template is used`] };
    }
  };
}
