import type { AttemptResult, Records } from '@selfheal/contracts';
import type { RemediationParts } from '../ai/remediation-parts.ts';
import type { OpenProject } from '../project/open-project.ts';
import { endAttempt } from '../remediation/attempts.ts';

export interface FixProposerParts {
  readonly project: Pick<OpenProject, 'id' | 'config'>;
  readonly records: Records;
  readonly ai: Pick<RemediationParts, 'models' | 'prompts' | 'gather'>;
}

/** The sequence under which proposals of fixes are kept among the attempts. */
export const FIX_SEQUENCE = 'fix.generate';

/** Keeps what became of a proposal; its template is credited once it has ended. */
export async function endProposal(
  { project, records, ai }: FixProposerParts,
  attemptId: string,
  result: AttemptResult,
  detail: string,
): Promise<void> {
  if (result === 'pending') await records.update('remediationAttempt', attemptId, (attempt) => ({ ...attempt, detail }));
  else await endAttempt({ records, ai }, { projectId: project.id, attemptId, result, detail, timings: {} });
}
