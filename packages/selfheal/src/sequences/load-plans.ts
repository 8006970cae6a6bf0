import { fileURLToPath } from 'node:url';
import { beats, type Plugin, SelfhealError, type SequenceId, sequences } from '@selfheal/contracts';
import { checkPlans, type Diagnostic, formatDiagnostic, readSequence, readSequenceFile, type SequencePlan } from '@selfheal/sequences';
import type { Routing } from '@selfheal/temporal';

/** The plans of the seven built-in documents and of the plugins, by id. Fails with SEQUENCE_INVALID, naming file, line and column. */
export async function loadPlans(plugins: readonly Plugin[], root: string): Promise<Readonly<Record<string, SequencePlan>>> {
  const handlers = handlerNames(plugins);
  const plans: Record<string, SequencePlan> = {};
  for (const id of Object.keys(sequences)) plans[id] = await readPlan(builtInFile(id), handlers);
  for (const plugin of plugins) {
    for (const document of plugin.sequences ?? []) {
      const plan =
        typeof document === 'string'
          ? await readPlan(fileURLToPath(new URL(document, `file://${root}/`)), handlers)
          : planOf(JSON.stringify(document), plugin.name, handlers);
      if (plans[plan.id] !== undefined)
        throw new SelfhealError('PLUGIN_CONFLICT', `sequence ${plan.id} exists already`, { where: { plugin: plugin.name } });
      plans[plan.id] = plan;
    }
  }
  refuse(checkPlans(Object.values(plans)));
  return plans;
}

/** Reads one document that a user gives, ours or of a foreign format. Fails with SEQUENCE_INVALID, naming file, line and column. */
export async function readPlan(file: string, handlers: readonly string[] | undefined): Promise<SequencePlan> {
  const { plan, diagnostics, text } = await readSequenceFile(file, handlers && { handlers });
  return accepted(plan, diagnostics, file, text);
}

function planOf(text: string, origin: string, handlers: readonly string[]): SequencePlan {
  const { plan, diagnostics } = readSequence(text, { file: origin, handlers });
  return accepted(plan, diagnostics, origin, text);
}

function accepted(
  plan: SequencePlan | undefined,
  diagnostics: readonly Diagnostic[],
  origin: string,
  text: string | undefined,
): SequencePlan {
  refuse(diagnostics, text);
  if (plan === undefined) throw new SelfhealError('SEQUENCE_INVALID', 'the document is no sequence', { where: { file: origin } });
  return plan;
}

export function handlerNames(plugins: readonly Plugin[]): string[] {
  return [...Object.keys(beats), ...plugins.flatMap((plugin) => Object.keys(plugin.handlers ?? {}))];
}

/** Which handlers run where; travels in each workflow's input. */
export function routing(): Routing {
  const local = Object.entries(beats).filter(([, contract]) => contract.kind === 'pure' && contract.cost === 'short');
  return { local: local.map(([name]) => name), ship: ['autoMergePR', 'deployToProduction', 'revertDeployment'] };
}

function builtInFile(id: string): string {
  return fileURLToPath(import.meta.resolve(`@selfheal/json-sequences/${id}.json`));
}

function refuse(diagnostics: readonly Diagnostic[], text?: string): void {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length > 0) throw new SelfhealError('SEQUENCE_INVALID', errors.map((error) => formatDiagnostic(error, text)).join('\n'));
}

/** Whether an id is one of the seven. */
export function isBuiltIn(id: string): id is SequenceId {
  return Object.hasOwn(sequences, id);
}
