import type { SequencePlan } from '../interpreter/plan.ts';
import { kebabCase } from './names.ts';
import { docComment, indent, literal, quote } from './print.ts';

/** Who decides, in which order they are asked, and how long that may take. */
export interface RemediationTerms {
  readonly proposers: readonly string[];
  readonly coordinatorTimeoutMs: number;
  readonly awaitPersonMs: number;
}

const DEFAULT_TERMS: RemediationTerms = { proposers: ['models'], coordinatorTimeoutMs: 600_000, awaitPersonMs: 0 };

/** The file that says whose decisions count; a person may edit it. */
export function printRemediation(plan: SequencePlan, terms: RemediationTerms = DEFAULT_TERMS): string {
  const { proposers, coordinatorTimeoutMs, awaitPersonMs } = terms;
  return [
    "import type { RemediationEngine } from './library/workflows/remediated.ts';",
    '',
    ...docComment(
      'Who decides on a beat with `aiRemediation` that failed for good: an engine of selfheal on the same server and namespace (`selfheal up`).',
      'Where none runs, the beat is tried again as its retry says, once `coordinatorTimeoutMs` are over.',
    ),
    'export const REMEDIATION: RemediationEngine = {',
    ...indent([
      '/** The project whose attempts these are; its id stands at each of its runs, as the attribute SelfhealProject. */',
      `projectId: ${quote(kebabCase(plan.id))},`,
      ...`routing: ${literal({ proposers, coordinatorTimeoutMs, awaitPersonMs })},`.split('\n'),
    ]),
    '};',
    '',
  ].join('\n');
}
