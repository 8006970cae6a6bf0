import { modelEndpoints } from '@selfheal/ai';
import { type AiRemediationOptions, isSelfhealError, type Plugin } from '@selfheal/contracts';
import { remediatedBeats, type SequencePlan } from '@selfheal/sequences';
import type { OpenPrompts } from './open-prompts.ts';

/** A beat that is remediated, with what holds for it and what of that names nothing. */
export interface RemediatedBeat {
  readonly beat: string;
  readonly handler: string;
  readonly remediation: AiRemediationOptions;
  /** References that lead nowhere. */
  readonly faults: readonly string[];
}

/** The beats of a document that are remediated here, and whether their templates, models and decision handlers are there. */
export async function checkRemediation(
  { env, project, prompts }: OpenPrompts,
  plan: SequencePlan,
  about: { readonly plugins: readonly Plugin[]; readonly by: string },
): Promise<RemediatedBeat[]> {
  const { endpoints } = modelEndpoints(project.config.ai, env);
  const models = new Set(endpoints.flatMap(({ model, name }) => [model, name]));
  const handlers = new Set(about.plugins.flatMap(({ decisionHandlers = {} }) => Object.keys(decisionHandlers)));
  const found: RemediatedBeat[] = [];
  for (const [{ id, handler }, remediation] of remediatedBeats(plan)) {
    const { decisionHandlers = {}, model, promptTemplateId } = remediation;
    const missing = promptTemplateId === undefined ? undefined : await missingTemplate(prompts, promptTemplateId, about.by);
    const faults = [
      ...(missing === undefined ? [] : [missing]),
      ...(model === undefined || models.has(model)
        ? []
        : [`no model "${model}" can be asked: ${[...models].join(', ') || 'none is configured'}`]),
      ...Object.values(decisionHandlers).flatMap((name) => (handlers.has(name) ? [] : [`no plugin brings the decision handler "${name}"`])),
    ];
    found.push({ beat: id, handler, remediation, faults });
  }
  return found;
}

async function missingTemplate(prompts: OpenPrompts['prompts'], name: string, by: string): Promise<string | undefined> {
  try {
    await prompts.find(name.replace(/^system:/, ''), by);
    return undefined;
  } catch (error) {
    if (isSelfhealError(error)) return error.message;
    throw error;
  }
}
