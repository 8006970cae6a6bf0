/** Names shared by workflows, worker and client: the vocabulary of Temporal's side. No import of the SDK, so that both sides may use it. */

/** Ordinary work: sequences and beats. */
export const TASK_QUEUE = 'selfheal';
/** Beats that change the shared repository or production, one at a time for a worker. */
export const SHIP_QUEUE = 'selfheal-ship';

/** The namespace of the embedded server. */
export const EMBEDDED_NAMESPACE = 'selfheal';

export const WORKFLOWS = {
  build: 'build',
  coordinator: 'coordinator',
  healIncident: 'healIncident',
  housekeeping: 'housekeeping',
  ingest: 'ingest',
  remediateAgain: 'remediateAgain',
  sweep: 'sweep',
} as const;

export const SEARCH_ATTRIBUTES = {
  project: 'SelfhealProject',
  incident: 'SelfhealIncident',
  stage: 'SelfhealStage',
  verdict: 'SelfhealVerdict',
} as const;

export const DECIDE_UPDATE = 'decide';
export const CONTROL_UPDATE = 'control';
export const STATE_QUERY = 'state';

/** One workflow per cause: a second start of the same id joins the first. */
export function healWorkflowId(projectId: string, fingerprint: string): string {
  return `heal/${projectId}/${fingerprint}`;
}

/** One reader per project at a time: two would race for the same offsets. */
export function ingestWorkflowId(projectId: string): string {
  return `ingest/${projectId}`;
}

/** One house to keep per project: a second start of the same id joins the first. */
export function housekeepingWorkflowId(projectId: string): string {
  return `housekeeping/${projectId}`;
}

export function sweepWorkflowId(projectId: string): string {
  return `sweep/${projectId}`;
}
