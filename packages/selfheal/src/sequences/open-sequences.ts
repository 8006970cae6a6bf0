import { dirname, resolve } from 'node:path';
import type { Plugin } from '@selfheal/contracts';
import { readSequenceFile, type SequencePlan } from '@selfheal/sequences';
import { loadSelfhealConfig } from '../config/load-config.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import { handlerNames, loadPlans } from './load-plans.ts';
import { readLinkedPlan } from './read-linked-plan.ts';

/** Handlers and sequences of a repository, read and nothing more: no store is opened and nothing is written. */
export interface KnownSequences {
  readonly plugins: readonly Plugin[];
  readonly plans: readonly SequencePlan[];
}

/** Those of a repository, or where none is given the built-in ones. Fails with CONFIG_*, PLUGIN_* or SEQUENCE_INVALID. */
export async function openSequences(repo: string | undefined): Promise<KnownSequences> {
  const root = resolve(repo ?? '.');
  const plugins = repo === undefined ? [] : await loadPlugins((await loadSelfhealConfig(root)).config.plugins, root);
  return { plugins, plans: Object.values(await loadPlans(plugins, root)) };
}

/** A document, or a known sequence by its id, with what may run it: the repository that is given, else the project that the document names. */
export async function openDocument(file: string, repo: string | undefined): Promise<KnownSequences & { readonly plan: SequencePlan }> {
  const known = await openSequences(repo ?? (await projectOf(file)));
  const plan = known.plans.find(({ id }) => id === file) ?? (await readLinkedPlan(resolve(file), handlerNames(known.plugins), known.plans));
  return { ...known, plan };
}

/** Where the document cannot be read, what reads it in full tells why. */
async function projectOf(file: string): Promise<string | undefined> {
  const project = await readSequenceFile(resolve(file)).then(
    ({ plan }) => plan?.project,
    () => undefined,
  );
  return project === undefined ? undefined : resolve(dirname(file), project);
}
