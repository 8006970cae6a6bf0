import { createHash } from 'node:crypto';
import { type Diagnosis, type Handler, type Incident, type IssueAnalysis, type Ports, SelfhealError } from '@selfheal/contracts';

/**
 * diagnosis.analyze, movement results. Keeps the best analysis of the incident; abstains where it says so itself or its confidence
 * is below the policy's; models may then say what they think, as a note for people. The same incident at the same commit has one diagnosis, so a retry changes nothing.
 * Reads: issues, impacts, recommendations. Writes: diagnosis, incident. Fails: RECORD_MISSING, INPUT_INVALID (nothing was analysed).
 */
export const storeDiagnosis: Handler<'storeDiagnosis'> = async (input, ports) => {
  const { records, clock } = ports;
  const { projectId, incidentId, minConfidence } = input;
  const { commit } = input.codebase;
  const issue = bestIssue(input.issues, minConfidence);
  const impact = input.impacts.find((one) => one.anomalyId === issue?.anomalyId)?.impact;
  if (issue === undefined || impact === undefined) {
    throw new SelfhealError('INPUT_INVALID', 'no anomaly of the incident was analysed', { where: { incident: incidentId } });
  }
  const confidence = issue.rootCause.confidence;
  const abstained = reasonToAbstain(issue, minConfidence);
  const id = diagnosisId(incidentId, commit);
  const stored = await records.transaction(async (inside) => {
    const known = await inside.get('diagnosis', id);
    const diagnosis: Diagnosis = {
      id,
      projectId,
      incidentId,
      anomalyId: issue.anomalyId,
      type: issue.type,
      commit,
      analysis: issue,
      impact,
      recommendations: input.recommendations.find((one) => one.anomalyId === issue.anomalyId)?.recommendations ?? [],
      confidence,
      ...(abstained === undefined ? {} : { abstained }),
      createdAt: known?.createdAt ?? clock.now(),
    };
    await inside.put('diagnosis', diagnosis);
    await inside.update('incident', incidentId, (incident) => diagnosedIncident(incident, diagnosis, clock.now()));
    return diagnosis;
  });
  if (abstained !== undefined) await askForNote(stored, ports);
  return { diagnosisId: id, confidence, ...(abstained === undefined ? {} : { abstained }) };
};

/** Where the analysers have nothing to act on, a model's view is kept for people among the attempts. Nothing is done with it. */
async function askForNote(diagnosis: Diagnosis, { beat, fixProposers }: Ports): Promise<void> {
  if (beat.attempt > 1) return;
  const { key, workflowId, signal } = beat;
  await fixProposers?.propose({ key, workflowId, diagnosis, round: 1, previous: [] }, signal);
}

/** Stable over retries and over runs at the same commit. */
export function diagnosisId(incidentId: string, commit: string): string {
  return `diagnosis-${createHash('sha256').update(`${incidentId}|${commit}`).digest('hex').slice(0, 20)}`;
}

/** One that does not abstain before any that does; then the most confident. */
function bestIssue(issues: readonly IssueAnalysis[], minConfidence: number): IssueAnalysis | undefined {
  const rank = (issue: IssueAnalysis) => issue.rootCause.confidence - (reasonToAbstain(issue, minConfidence) === undefined ? 0 : 1);
  return [...issues].sort((a, b) => rank(b) - rank(a))[0];
}

function reasonToAbstain(issue: IssueAnalysis, minConfidence: number): string | undefined {
  if (issue.abstain !== undefined) return issue.abstain;
  const { confidence } = issue.rootCause;
  return confidence < minConfidence ? `confidence ${confidence.toFixed(2)} is below ${minConfidence.toFixed(2)}` : undefined;
}

function diagnosedIncident({ reason: _before, ...incident }: Incident, diagnosis: Diagnosis, now: number): Incident {
  const abstained = diagnosis.abstained;
  return {
    ...incident,
    diagnosisId: diagnosis.id,
    severity: diagnosis.impact.severity,
    status: abstained === undefined ? 'diagnosing' : 'abstained',
    ...(abstained === undefined ? {} : { reason: abstained }),
    updatedAt: now,
  };
}
