import type { Blobs, DecisionProposer, Plugin, Ports, Records } from '@selfheal/contracts';
import type { RemediationCall } from '@selfheal/temporal';
import type { RemediationParts as AiParts } from '../ai/remediation-parts.ts';
import type { OpenProject } from '../project/open-project.ts';

/** What remediation works with in one project. */
export interface HostParts {
  readonly project: OpenProject;
  readonly records: Records;
  readonly blobs: Blobs;
  readonly plugins: readonly Plugin[];
  readonly env: NodeJS.ProcessEnv;
  readonly ai: AiParts;
  /** By name. */
  readonly proposers: ReadonlyMap<string, DecisionProposer>;
  /** The ports of one call; the key names its effects. */
  ports(
    call: RemediationCall,
    about: { readonly workflowId: string; readonly sequence: string; readonly beat: string; readonly key: string },
  ): Ports;
}
