import { proposeSequence, type SequenceProposal } from '@selfheal/ai';
import { Placeholders, placeholderKey } from '@selfheal/redaction';
import { checkPlans, formatDiagnostic, readSequence } from '@selfheal/sequences';
import { journalDir } from '../intake/journal-dir.ts';
import { capabilitiesOf, capabilitiesText } from '../sequences/capabilities.ts';
import { handlerNames } from '../sequences/load-plans.ts';
import { type KnownSequences, openSequences } from '../sequences/open-sequences.ts';
import type { OpenPrompts } from './open-prompts.ts';

/** What errors of a proposed document name as its file. */
const FILE = 'proposal.json';

/**
 * Asks models for a sequence that does what a person asks for, with the handlers and sequences of the repository. Its document is checked as
 * any other, and nothing of it is run. Fails with AI_*, CONFIG_* and PLUGIN_*.
 */
export async function proposeDocument(
  { env, project, records }: OpenPrompts,
  request: string,
  signal: AbortSignal,
): Promise<SequenceProposal> {
  const known = await openSequences(project.root);
  const placeholders = new Placeholders(await placeholderKey(journalDir(project.dataDir)));
  return proposeSequence(
    {
      request,
      capabilities: capabilitiesText(capabilitiesOf(known.plugins, known.plans)),
      check: (document) => faultsOf(document, known),
    },
    { config: project.config.ai, env, records, projectId: project.id, placeholders },
    signal,
  );
}

/** What is wrong with the document, with line and column; undefined where nothing is. */
function faultsOf(document: string, { plans, plugins }: KnownSequences): string | undefined {
  const { diagnostics, format, plan } = readSequence(document, { file: FILE, handlers: handlerNames(plugins) });
  if (plan === undefined || format !== 'selfheal') {
    const faults = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, document));
    return faults.length > 0
      ? faults.join('\n')
      : `it is no sequence of ours, but ${format}; begin it with "$schema": "./sequence.schema.json"`;
  }
  const faults = checkPlans([...plans.filter(({ id }) => id !== plan.id), plan]);
  return faults.length === 0 ? undefined : faults.map((fault) => formatDiagnostic(fault)).join('\n');
}
