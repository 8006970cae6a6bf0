import type { Edit, Json, Patch, Records } from '@selfheal/contracts';

/** What a template's `learned` holds: newest first. */
export interface Learned {
  readonly examples: readonly Json[];
  readonly insights: readonly string[];
}

/** Whose failure the examples are for. */
export interface LearnedFor {
  /** Type of the incident; none for a failed activity of another workflow. */
  readonly class?: string;
  readonly handler?: string;
}

const MOST_EXAMPLES = 3;
const MOST_INSIGHTS = 5;
const LOOKED_AT = 50;

/**
 * Accepted fixes and insights of the same class: for incidents those that learning.track found to help in production, for activities
 * attempts that healed, of the same handler before others.
 */
export async function learnedExamples(records: Records, projectId: string, about: LearnedFor): Promise<Learned> {
  return about.class === undefined ? ofActivities(records, projectId, about.handler) : ofIncidents(records, projectId, about.class);
}

async function ofIncidents(records: Records, projectId: string, type: string): Promise<Learned> {
  const tracked = await records.list('effectiveness', {
    where: { projectId, successful: true },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: LOOKED_AT,
  });
  const helped = tracked.filter((one) => one.type === type);
  const examples: Json[] = [];
  for (const { incidentId, verdict } of helped.slice(0, MOST_EXAMPLES)) {
    const incident = await records.get('incident', incidentId);
    const patch = incident?.patchId === undefined ? undefined : await records.get('patch', incident.patchId);
    if (incident === undefined || patch === undefined) continue;
    const { edits, rationale, title } = fixOf(patch);
    examples.push({
      title,
      error: incident.title,
      decision: 'RETRY',
      reasoning: rationale,
      patch: JSON.stringify(edits),
      outcome: verdict,
    });
  }
  return { examples, insights: [...new Set(helped.flatMap(({ insights }) => insights.map(({ text }) => text)))].slice(0, MOST_INSIGHTS) };
}

async function ofActivities(records: Records, projectId: string, handler: string | undefined): Promise<Learned> {
  const healed = await records.list('remediationAttempt', {
    where: { projectId, result: 'healed' },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: LOOKED_AT,
  });
  const nearest = healed.toSorted((a, b) => Number(b.handler === handler) - Number(a.handler === handler));
  const examples = nearest.slice(0, MOST_EXAMPLES).flatMap(({ beat, context, decision, detail }): Json[] =>
    decision === undefined
      ? []
      : [
          {
            title: beat,
            error: `${context?.error?.type ?? 'Error'}: ${context?.error?.message ?? ''}`,
            decision: decision.decision,
            reasoning: decision.reasoning,
            patch: JSON.stringify(decision.patch?.edits ?? []),
            outcome: detail,
          },
        ],
  );
  return { examples, insights: [] };
}

/** The change of the code; for untested code, which does not change, the test. */
function fixOf({ candidate, test }: Patch): { edits: readonly Edit[]; title: string; rationale: string } {
  return candidate ?? { edits: test.edits, title: test.expectation, rationale: test.source.description };
}
