import { setTimeout as delay } from 'node:timers/promises';
import {
  type Anomaly,
  type BeatInput,
  type ErrorStats,
  type Handler,
  type Ports,
  SelfhealError,
  type Verification,
} from '@selfheal/contracts';
import { advance } from './deployment-record.ts';
import { type EventsAtFix, eventsAtFix, type FixInProduction } from './observe/events-at-fix.ts';
import { type Observation, observe, observeBefore } from './observe/observation.ts';
import { judge } from './verdict/judge.ts';
import { harmDone, suspectErrors } from './verdict/judge-harm.ts';
import type { Evidence, Judgement } from './verdict/judgement.ts';
import { verifyCoverage } from './verdict/verify-coverage.ts';

type Input = BeatInput<'verifyDeployment'>;

/** A look at a busy service takes time itself: at most this part of ours is spent looking. */
const LOOKING_SHARE = 0.25;

/**
 * Sequence deployment.deploy, movement Ship. Awaits new telemetry of releases that hold the fix, up to `verify.windowMs` after the deploy,
 * and judges the incident by it: verified, failed, or inconclusive where there was too little. A test gap is judged by running the merged
 * tests. Reads anomaly, lake, releases, repository. Writes deployment. Fails with RECORD_MISSING, CANCELLED. A verdict that stands is
 * returned again.
 */
export const verifyDeployment: Handler<'verifyDeployment'> = async (input, ports) => {
  const { records } = ports;
  const { verification: known } = await records.need('deployment', input.deploymentId);
  if (known !== undefined && known.from >= input.deploy.at) return { verification: known };
  const anomaly = await records.need('anomaly', input.incident.anomalyId);
  const verification = await verify(input, anomaly, ports);
  const { verdict } = verification;
  const status = verdict === 'verified' ? 'verified' : verdict === 'failed' ? 'failed' : input.deploy.deployed ? 'inconclusive' : 'merged';
  await advance(ports, input.deploymentId, { verification, status });
  return { verification };
};

function verify(input: Input, anomaly: Anomaly, ports: Ports): Promise<Verification> {
  const { patch, merge, deploy } = input;
  const { mergeCommit } = merge;
  const { details } = anomaly;
  if (mergeCommit === undefined) return Promise.resolve(noVerdict(ports, 'nothing was merged'));
  if (details.type === 'coverage') return verifyCoverage(ports, { anomaly, details, patch, mergeCommit });
  if (!deploy.deployed) return Promise.resolve(noVerdict(ports, `not deployed (${deploy.output.trim()}), so production cannot tell`));
  return watch(input, anomaly, { projectId: input.projectId, commit: mergeCommit, deployedAt: deploy.at }, ports);
}

async function watch(input: Input, anomaly: Anomaly, fix: FixInProduction, ports: Ports): Promise<Verification> {
  const { project, clock, beat } = ports;
  const { windowMs, pollMs } = project.config.verify;
  const before = await observeBefore(ports, anomaly, fix.deployedAt);
  for (;;) {
    const to = clock.now();
    const began = performance.now();
    const final = to >= fix.deployedAt + windowMs;
    const judgement = await look(input, { anomaly, before, fix, to, final }, ports);
    beat.heartbeat(judgement.detail);
    if (judgement.verdict !== undefined) return { ...judgement, verdict: judgement.verdict, from: fix.deployedAt, to };
    await pause(Math.max(pollMs, (performance.now() - began) / LOOKING_SHARE), beat.signal);
  }
}

interface Look {
  readonly anomaly: Anomaly;
  readonly before: Observation;
  readonly fix: FixInProduction;
  readonly to: number;
  readonly final: boolean;
}

async function look({ patch }: Input, { anomaly, before, fix, to, final }: Look, ports: Ports): Promise<Judgement> {
  const seen = await eventsAtFix(ports, fix, to + 1);
  const evidence: Evidence = {
    anomaly,
    before,
    after: observe(seen.events, fix.deployedAt, to),
    minimumTraffic: ports.project.config.verify.minimumTraffic,
    final,
  };
  const judgement = judge(evidence);
  if (judgement.verdict === 'failed') return judgement;
  const harm = harmDone(evidence, await newErrors(suspectErrors(evidence, patch), fix, ports));
  if (harm !== undefined) return { ...judgement, verdict: 'failed', detail: harm };
  return final && judgement.verdict === 'inconclusive' ? judgeStale(judgement, evidence, seen) : judgement;
}

/** Those that were never seen before the deploy. */
async function newErrors(
  suspects: readonly ErrorStats[],
  { projectId, deployedAt }: FixInProduction,
  { lake }: Ports,
): Promise<ErrorStats[]> {
  const known = await Promise.all(
    suspects.map(({ fingerprint }) => lake.events({ projectId, errorFingerprint: fingerprint, to: deployedAt, limit: 1 })),
  );
  return suspects.filter((_, at) => known[at]?.length === 0);
}

/**
 * Some services keep their release name over a deploy, so that git says it lacks the fix. Where such telemetry shows that the fault is gone,
 * it is; where the fault is still there, the old code may still run, which says nothing of the fix.
 */
function judgeStale(judgement: Judgement, evidence: Evidence, { stale }: EventsAtFix): Judgement {
  if (stale.length === 0) return judgement;
  const names = [...new Set(stale.map(({ release }) => release ?? ''))].join(', ');
  const { from, to } = evidence.after;
  const byTime = judge({ ...evidence, after: observe(stale, from, to) });
  if (byTime.verdict === 'verified') return { ...byTime, detail: `${byTime.detail} (the release is still called ${names})` };
  return { ...judgement, detail: `${judgement.detail}; ${stale.length} events name ${names}, which lacks the fix` };
}

function noVerdict({ clock }: Ports, detail: string): Verification {
  const now = clock.now();
  return { verdict: 'inconclusive', traffic: 0, recurrences: 0, before: {}, after: {}, detail, from: now, to: now };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (cause) {
    throw new SelfhealError('CANCELLED', 'the verification was stopped', { cause });
  }
}
