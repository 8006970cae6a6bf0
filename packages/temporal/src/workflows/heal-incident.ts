import { isErrorCode } from '@selfheal/contracts/errors';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { HealInput, HealResult, HealState, IncidentMark, Verdict } from '../messages/messages.ts';
import { stageAttribute, verdictAttribute } from './attributes.ts';
import { flagOf, runChildSequence, textOf } from './children.ts';
import { decide, state } from './definitions.ts';
import { outcomeSentence } from './outcome-sentence.ts';

const { markIncident } = proxyLocalActivities<{ markIncident(mark: IncidentMark): Promise<void> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 10 },
});

type Output = Record<string, unknown>;

const OUTDATED = Symbol('the code has overtaken the fix');

/**
 * Heals one incident: diagnosis → fix → validation → (review) → deployment → learning. A patch that validation refuses is barred and the
 * next-best candidate is tried, at most `policy.maxAttempts` times. Its workflow id carries the fingerprint, so one cause has one open fix.
 */
export async function healIncident(input: HealInput): Promise<HealResult> {
  const heal = new Heal(input);
  try {
    return await heal.run();
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => heal.finish('open', 'cancelled'));
    else await heal.finish('failed', reasonOf(error));
    throw error instanceof ApplicationFailure || isCancellation(error)
      ? error
      : ApplicationFailure.nonRetryable(reasonOf(error), 'BEAT_FAILED');
  }
}

class Heal {
  private readonly input: HealInput;
  private current: HealState;
  private verdict: Verdict | undefined;
  private round = 1;
  private readonly durations: Record<string, number> = {};

  constructor(input: HealInput) {
    this.input = input;
    this.current = {
      incidentId: input.incidentId,
      title: input.title,
      type: input.type,
      stage: 'diagnose',
      attempt: 0,
      status: 'diagnosing',
      summary: '',
      durationsMs: this.durations,
    };
    setHandler(state, () => this.current);
    setHandler(
      decide,
      (verdict) => {
        this.verdict = verdict;
        return this.current;
      },
      { validator: (verdict) => this.checkVerdict(verdict) },
    );
  }

  /** A fix that the code has overtaken is made anew, from the cause on, for lines and files may have moved. */
  async run(): Promise<HealResult> {
    for (this.round = 1; ; this.round++) {
      const result = await this.healOnce();
      if (result !== OUTDATED) return result;
      if (this.round >= this.input.policy.maxAttempts)
        return this.finish('invalid', `the code changed under ${this.round} proved fixes: ${this.current.summary}`);
    }
  }

  private async healOnce(): Promise<HealResult | typeof OUTDATED> {
    const diagnosis = await this.stage('diagnose', 'diagnosing', 'diagnosis.analyze', {});
    const abstained = textOf(diagnosis, 'abstained');
    if (abstained !== undefined) return this.finish('abstained', abstained);
    if (this.input.policy.stopAfter === 'diagnose') return this.finish('open', 'stopped after diagnosis');

    const proved = await this.findProvedPatch(textOf(diagnosis, 'diagnosisId') ?? '');
    if ('status' in proved) return proved;
    if (this.input.policy.stopAfter === 'validate') return this.finish('waiting_review', 'stopped after validation', proved.patchHash);

    return this.ship(proved);
  }

  private async findProvedPatch(diagnosisId: string): Promise<HealResult | { patchId: string; patchHash: string; validationId: string }> {
    const barred: string[] = [];
    let reason = '';
    for (let attempt = 1; attempt <= this.input.policy.maxAttempts; attempt++) {
      this.current = { ...this.current, attempt };
      const fix = await this.stage('fix', 'fixing', 'fix.generate', { diagnosisId, barred });
      const patchId = textOf(fix, 'patchId');
      const patchHash = textOf(fix, 'patchHash');
      if (!flagOf(fix, 'found') || patchId === undefined || patchHash === undefined) {
        reason = reason === '' ? (textOf(fix, 'summary') ?? '') : `${reason}; then ${textOf(fix, 'summary') ?? ''}`;
        return this.finish(attempt === 1 ? 'no_fix' : 'invalid', reason);
      }
      this.current = { ...this.current, patchHash };
      if (this.input.policy.stopAfter === 'fix') return this.finish('open', 'stopped after the fix was written', patchHash);
      const validation = await this.stage('validate', 'validating', 'validation.run', { patchId });
      if (flagOf(validation, 'passed')) return { patchId, patchHash, validationId: textOf(validation, 'validationId') ?? '' };
      reason = textOf(validation, 'summary') ?? '';
      barred.push(patchHash);
    }
    return this.finish('invalid', `${this.input.policy.maxAttempts} patches were refused: ${reason}`);
  }

  private async ship(proved: { patchId: string; patchHash: string; validationId: string }): Promise<HealResult | typeof OUTDATED> {
    let deployment = await this.stage('deploy', 'deploying', 'deployment.deploy', { ...proved });
    while (WAITING.has(textOf(deployment, 'status') ?? '')) {
      const verdict = await this.review(proved, textOf(deployment, 'summary') ?? '');
      deployment = await this.stage('deploy', 'deploying', 'deployment.deploy', {
        ...proved,
        decision: { approved: verdict.approved, by: verdict.by, why: verdict.why, patchHash: verdict.patchHash },
      });
    }
    const status = textOf(deployment, 'status') ?? 'failed';
    const summary = textOf(deployment, 'summary') ?? '';
    if (status === 'outdated') return OUTDATED;
    if (!SHIPPED.has(status)) return this.finish(INCIDENT_STATUS[status] ?? 'failed', summary, proved.patchHash);
    const learned = await this.stage('learn', 'verifying', 'learning.track', {
      deploymentId: textOf(deployment, 'deploymentId') ?? '',
      now: Date.now(),
    });
    return this.finish(INCIDENT_STATUS[status] ?? 'failed', outcomeSentence(summary, textOf(learned, 'summary')), proved.patchHash);
  }

  /** Parks the run until a person decides; the wait survives any restart. */
  private async review(proved: { patchId: string; patchHash: string }, why: string): Promise<Verdict> {
    await this.mark('waiting_review', why);
    this.current = {
      ...this.current,
      stage: 'review',
      status: 'waiting_review',
      awaiting: { patchHash: proved.patchHash, patchId: proved.patchId },
    };
    upsertSearchAttributes([{ key: stageAttribute, value: 'review' }]);
    await condition(() => this.verdict !== undefined);
    const { awaiting: _answered, ...rest } = this.current;
    this.current = rest;
    const { verdict } = this;
    if (verdict === undefined) throw ApplicationFailure.nonRetryable('no decision', 'APPROVAL_INVALID');
    this.verdict = undefined;
    return verdict;
  }

  private checkVerdict(verdict: Verdict): void {
    const awaited = this.current.awaiting?.patchHash;
    if (awaited === undefined) throw ApplicationFailure.nonRetryable('no patch waits for a decision', 'APPROVAL_INVALID');
    if (verdict.patchHash !== awaited)
      throw ApplicationFailure.nonRetryable(`the waiting patch is ${awaited}, the decision names ${verdict.patchHash}`, 'APPROVAL_INVALID');
    if (this.verdict !== undefined)
      throw ApplicationFailure.nonRetryable(
        `already ${this.verdict.approved ? 'approved' : 'rejected'} by ${this.verdict.by}`,
        'APPROVAL_INVALID',
      );
  }

  private async stage(stage: HealState['stage'], status: string, sequence: string, input: Output): Promise<Output> {
    await this.mark(status);
    this.current = { ...this.current, stage, status };
    upsertSearchAttributes([{ key: stageAttribute, value: stage }]);
    const started = Date.now();
    const attempt = this.current.attempt > 1 && (stage === 'fix' || stage === 'validate') ? `-${this.current.attempt}` : '';
    const decided = 'decision' in input ? '-decided' : '';
    const round = this.round > 1 ? `-round${this.round}` : '';
    const output = await runChildSequence(
      this.input,
      sequence,
      `${workflowInfo().workflowId}/${workflowInfo().runId}/${stage}${attempt}${decided}${round}`,
      {
        projectId: this.input.projectId,
        incidentId: this.input.incidentId,
        ...input,
      },
    );
    this.durations[sequence] = (this.durations[sequence] ?? 0) + Date.now() - started;
    this.current = { ...this.current, summary: textOf(output, 'summary') ?? this.current.summary };
    return output;
  }

  async finish(status: string, reason: string, patchHash?: string): Promise<HealResult> {
    await this.mark(status, reason);
    this.current = { ...this.current, stage: 'done', status, summary: reason };
    upsertSearchAttributes([
      { key: stageAttribute, value: 'done' },
      { key: verdictAttribute, value: status },
    ]);
    return { incidentId: this.input.incidentId, status, reason, ...(patchHash === undefined ? {} : { patchHash }) };
  }

  private mark(status: string, reason?: string): Promise<void> {
    return markIncident({
      projectId: this.input.projectId,
      incidentId: this.input.incidentId,
      status,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** Deployment statuses that a person's decision ends: nobody decided yet, or something of theirs stood against the merge. */
const WAITING = new Set(['waiting_review', 'blocked']);

/** Deployment statuses after which there is something to learn. */
const SHIPPED = new Set(['merged', 'deployed', 'verified', 'inconclusive', 'reverted']);

const INCIDENT_STATUS: Readonly<Record<string, string>> = {
  verified: 'healed',
  merged: 'merged',
  deployed: 'inconclusive',
  inconclusive: 'inconclusive',
  reverted: 'reverted',
  rejected: 'rejected',
  ci_failed: 'invalid',
};

/** What the innermost failure says, with its code. */
function reasonOf(error: unknown): string {
  if ((error instanceof ChildWorkflowFailure || error instanceof ActivityFailure) && error.cause !== undefined)
    return reasonOf(error.cause);
  if (error instanceof ApplicationFailure && isErrorCode(error.type)) return `${error.message} [${error.type}]`;
  return error instanceof Error ? error.message : String(error);
}
