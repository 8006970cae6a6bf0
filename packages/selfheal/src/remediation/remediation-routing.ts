import type { Plugin, SelfhealConfig } from '@selfheal/contracts';
import type { Routing } from '@selfheal/temporal';

/** Built-in proposers in the order in which they are asked: what asks no model first, what only settles last. */
const PROPOSERS = ['failure-class', 'repair-engine', 'renamed-field', 'models', 'last-word'];

/** Who decides on failed beats, and how long that may take; nothing where remediation is off. */
export function remediationRouting({ remediation }: SelfhealConfig, plugins: readonly Plugin[]): Pick<Routing, 'remediation'> {
  if (!remediation.enabled) return {};
  const theirs = plugins.flatMap((plugin) => (plugin.proposers ?? []).map(({ name }) => name));
  const { coordinatorTimeoutMs, awaitPersonMs } = remediation;
  return { remediation: { proposers: [...theirs, ...PROPOSERS], coordinatorTimeoutMs, awaitPersonMs } };
}
