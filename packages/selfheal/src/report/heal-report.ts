import type {
  Anomaly,
  CitedFact,
  Deployment,
  Effectiveness,
  Impact,
  Incident,
  Level,
  Recommendation,
  RecordOf,
  Records,
  Trial,
  Validation,
} from '@selfheal/contracts';

/** The `--json` report of `heal` (design, "The command"). */
export interface HealReport {
  findings: Record<string, unknown>[];
  incidents: IncidentReport[];
  /** Logs that could not be read, or not to their end: path, error code, what is wrong. */
  unread: { path: string; code: string; message: string }[];
  durations: Record<string, number>;
  versions: Record<string, string>;
}

export interface IncidentReport {
  id: string;
  type: string;
  title: string;
  fingerprint: string;
  status: string;
  reason: string | undefined;
  diagnosis: DiagnosisReport | undefined;
  patch: PatchReport | undefined;
  validation: Validation | undefined;
  deployment: Deployment | undefined;
  learning: Effectiveness | undefined;
  /** What models proposed, oldest first. */
  proposals: ProposalReport[];
}

export interface ProposalReport {
  /** Of the attempt that keeps prompt, context and answer: `selfheal attempts show`. */
  id: string;
  model: string | undefined;
  round: number;
  decision: string | undefined;
  reasoning: string | undefined;
  files: string[];
  result: string;
  detail: string;
  costUsd: number;
}

export interface DiagnosisReport {
  rootCause: string;
  category: string;
  file: string;
  line: number;
  function: string | undefined;
  severity: Level;
  confidence: number;
  evidence: CitedFact[];
  guesses: string[];
  suspectCommit: string | undefined;
  impact: Impact;
  recommendations: Recommendation[];
  abstained: string | undefined;
}

export interface PatchReport {
  id: string;
  hash: string;
  template: string | undefined;
  /** templates, search or models. */
  proposer: string | undefined;
  model: string | undefined;
  rationale: string | undefined;
  diff: string;
  files: string[];
  tests: { title: string; file: string; expectation: string }[];
  note: string;
  trials: Trial[];
}

export async function healReport(
  records: Records,
  request: {
    incidentIds: readonly string[];
    findingIds: readonly string[];
    unread?: HealReport['unread'];
    durations: Record<string, number>;
    versions: Record<string, string>;
  },
): Promise<HealReport> {
  const incidents = [];
  for (const id of request.incidentIds) incidents.push(await incidentReport(records, await records.need('incident', id)));
  const findings = [];
  for (const id of request.findingIds) findings.push(findingReport(await records.need('anomaly', id)));
  return { findings, incidents, unread: request.unread ?? [], durations: request.durations, versions: request.versions };
}

/** Everything known of one incident, in the report's shape. */
export async function incidentReport(records: Records, incident: Incident): Promise<IncidentReport> {
  const { id, type, title, fingerprint, status, reason } = incident;
  return {
    id,
    type,
    title,
    fingerprint,
    status,
    reason,
    diagnosis: await diagnosisReport(records, incident),
    patch: await patchReport(records, incident),
    validation: await part(records, 'validation', incident.validationId),
    deployment: await part(records, 'deployment', incident.deploymentId),
    learning: await part(records, 'effectiveness', incident.effectivenessId),
    proposals: await proposalReports(records, incident),
  };
}

function findingReport(anomaly: Anomaly): Record<string, unknown> {
  const { id, type, title, description, severity, confidence, place, metrics, evidence } = anomaly;
  return { id, type, title, description, severity, confidence, ...place, metrics, evidence };
}

async function diagnosisReport(records: Records, incident: Incident): Promise<DiagnosisReport | undefined> {
  const diagnosis = incident.diagnosisId === undefined ? undefined : await records.get('diagnosis', incident.diagnosisId);
  if (diagnosis === undefined) return undefined;
  const { rootCause, facts, guesses, suspectCommit } = diagnosis.analysis;
  return {
    rootCause: rootCause.explanation,
    category: rootCause.category,
    file: rootCause.location.file,
    line: rootCause.location.line,
    function: rootCause.location.function,
    severity: diagnosis.impact.severity,
    confidence: diagnosis.confidence,
    evidence: facts,
    guesses,
    suspectCommit,
    impact: diagnosis.impact,
    recommendations: diagnosis.recommendations,
    abstained: diagnosis.abstained,
  };
}

async function patchReport(records: Records, incident: Incident): Promise<PatchReport | undefined> {
  const patch = incident.patchId === undefined ? undefined : await records.get('patch', incident.patchId);
  if (patch === undefined) return undefined;
  return {
    id: patch.id,
    hash: patch.hash,
    template: patch.candidate?.template,
    proposer: patch.candidate?.proposer,
    model: patch.candidate?.model,
    rationale: patch.candidate?.rationale,
    diff: patch.diff,
    files: patch.files,
    tests: patch.test.titles.map((title) => ({ title, file: patch.test.file, expectation: patch.test.expectation })),
    note: patch.documentation.note,
    trials: patch.trials,
  };
}

async function proposalReports(records: Records, { id, projectId }: Incident): Promise<ProposalReport[]> {
  const attempts = await records.list('remediationAttempt', {
    where: { projectId, incidentId: id },
    orderBy: { field: 'createdAt', direction: 'asc' },
  });
  return attempts.map(({ id: attemptId, attempt, calls, decision, detail, result, usage }) => ({
    id: attemptId,
    model: decision?.model ?? calls.at(-1)?.model,
    round: attempt,
    decision: decision?.decision,
    reasoning: decision?.reasoning,
    files: [...new Set(decision?.patch?.edits.map(({ file }) => file) ?? [])],
    result,
    detail,
    costUsd: usage.costUsd,
  }));
}

async function part<K extends 'validation' | 'deployment' | 'effectiveness'>(
  records: Records,
  kind: K,
  id: string | undefined,
): Promise<RecordOf<K> | undefined> {
  return id === undefined ? undefined : records.get(kind, id);
}
