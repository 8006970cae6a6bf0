import type { Edit, Effectiveness, Json, Patch, Records, RemediationAttempt } from '@selfheal/contracts';
import { FIX_SEQUENCE } from '../proposals/end-proposal.ts';

/** What a template's `learned` holds: newest first. */
export interface Learned {
  readonly examples: readonly Json[];
  /** Fixes that models proposed and that were refused, did not hold, or did not help. */
  readonly rejected: readonly Json[];
  readonly insights: readonly string[];
}

/** Whose failure the examples are for. */
export interface LearnedFor {
  /** Type of the incident; none for a failed activity of another workflow. */
  readonly class?: string;
  readonly handler?: string;
}

/** As templates see it. */
type Example = Record<'title' | 'error' | 'decision' | 'reasoning' | 'patch' | 'outcome', string>;

const MOST_EXAMPLES = 3;
const MOST_INSIGHTS = 5;
const MOST_REJECTED = 2;
const LOOKED_AT = 50;

/**
 * Fixes and insights of the same class: for incidents those that learning.track found to help in production, then those that models proposed
 * and that were merged, and beside them those that were not; for activities attempts that healed, of the same handler before others.
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
  const proposed = await proposals(records, projectId, type);
  const accepted = proposed.filter(({ result }) => result === 'healed');
  const rejected = proposed.filter(({ result }) => result === 'refused' || result === 'retry-failed');
  const examples = [...(await verifiedFixes(records, helped.slice(0, MOST_EXAMPLES))), ...accepted.map(exampleOf)];
  return {
    examples: distinct(examples).slice(0, MOST_EXAMPLES),
    rejected: distinct(rejected.map(exampleOf)).slice(0, MOST_REJECTED),
    insights: [...new Set(helped.flatMap(({ insights }) => insights.map(({ text }) => text)))].slice(0, MOST_INSIGHTS),
  };
}

async function verifiedFixes(records: Records, helped: readonly Effectiveness[]): Promise<Example[]> {
  const examples: Example[] = [];
  for (const { incidentId, verdict } of helped) {
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
  return examples;
}

/** What models proposed for incidents of the type, newest first. */
async function proposals(records: Records, projectId: string, type: string): Promise<RemediationAttempt[]> {
  const kept = await records.list('remediationAttempt', {
    where: { projectId, sequence: FIX_SEQUENCE },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: LOOKED_AT,
  });
  return kept.filter(({ context, decision }) => decision?.patch !== undefined && context?.subject.incident?.class === type);
}

function exampleOf({ beat, context, decision, detail }: RemediationAttempt): Example {
  const { error, subject } = context ?? {};
  return {
    title: subject?.incident?.title ?? beat,
    error: `${error?.type ?? 'Error'}: ${error?.message ?? ''}`,
    decision: decision?.decision ?? 'RETRY',
    reasoning: decision?.reasoning ?? '',
    patch: JSON.stringify(decision?.patch?.edits ?? []),
    outcome: detail,
  };
}

/** One of each patch. */
function distinct(examples: readonly Example[]): Example[] {
  return [...new Map(examples.toReversed().map((example) => [example.patch, example])).values()].toReversed();
}

async function ofActivities(records: Records, projectId: string, handler: string | undefined): Promise<Learned> {
  const healed = await records.list('remediationAttempt', {
    where: { projectId, result: 'healed' },
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: LOOKED_AT,
  });
  const activities = healed.filter(({ decision, sequence }) => decision !== undefined && sequence !== FIX_SEQUENCE);
  const nearest = activities.toSorted((a, b) => Number(b.handler === handler) - Number(a.handler === handler));
  return { examples: nearest.slice(0, MOST_EXAMPLES).map(exampleOf), rejected: [], insights: [] };
}

/** The change of the code; for untested code, which does not change, the test. */
function fixOf({ candidate, test }: Patch): { edits: readonly Edit[]; title: string; rationale: string } {
  return candidate ?? { edits: test.edits, title: test.expectation, rationale: test.source.description };
}
