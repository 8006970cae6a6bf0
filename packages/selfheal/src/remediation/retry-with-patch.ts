import {
  type Checkout,
  type Edit,
  type FailureError,
  isSelfhealError,
  type Ports,
  type RemediationAttempt,
  type TestReport,
} from '@selfheal/contracts';
import { checkIntegrity, defaultBranch, readSnapshot } from '@selfheal/repair';
import { symbolicLinks } from '@selfheal/sandbox';
import type { RemediationCall, RetryOutcome, RetryRequest } from '@selfheal/temporal';
import { checkIn, checkOut } from '@selfheal/temporal';
import type { HostParts } from './parts.ts';
import { runInCheckout } from './run-in-checkout.ts';

/**
 * Applies an attempt's patch in a private worktree, proves what can be proved (allowed by the policy, no test bent, no test broken), and runs
 * the beat's handler against it. Nothing of the repository is changed, so it may be repeated.
 */
export async function retryWithPatch(parts: HostParts, request: RetryRequest, call: RemediationCall): Promise<RetryOutcome> {
  const attempt = await parts.records.need('remediationAttempt', request.attemptId);
  const edits = attempt.decision?.patch?.edits ?? [];
  const { failure } = request;
  const { sequence, beat, workflowId } = failure;
  const ports = parts.ports(call, { workflowId, sequence, beat, key: request.attemptId });
  const { head } = await defaultBranch(parts.project.root);
  const objection = await objectionTo(parts, attempt, edits, head);
  if (objection !== undefined) return { kind: 'refused', why: objection };
  await using checkout = await ports.sandbox.checkout(head);
  const proof = await prove(checkout, edits, ports, call);
  if ('why' in proof) return { kind: 'refused', why: proof.why };
  if (request.proveOnly) return { kind: 'proved', proof: proof.told };
  call.heartbeat(`running ${failure.handler} with the patch`);
  try {
    const input = await checkOut(failure.input, parts.blobs);
    const output = await runInCheckout(parts, { handler: failure.handler, input, checkout, ports });
    return { kind: 'healed', output: await checkIn(output, parts.blobs), proof: proof.told };
  } catch (error) {
    return { kind: 'failed', error: failureOf(error), proof: proof.told };
  }
}

/** A barred patch, or one that the policy or the check of integrity refuses. */
async function objectionTo(
  { project, records }: HostParts,
  { projectId, patchHash }: RemediationAttempt,
  edits: readonly Edit[],
  head: string,
): Promise<string | undefined> {
  const barred = patchHash === undefined ? [] : await records.list('barredPatch', { where: { projectId, hash: patchHash }, limit: 1 });
  if (barred[0] !== undefined) return `it is barred: ${barred[0].why}`;
  const { files } = await readSnapshot({ root: project.root, commit: head });
  const { valid, violations } = checkIntegrity({
    sources: files,
    edits,
    policy: project.config.policy,
    allowedFiles: edits.map(({ file }) => file).filter((file) => Object.hasOwn(files, file)),
    testFiles: [],
    symlinks: await symbolicLinks({ root: project.root, commit: head }),
  });
  return valid ? undefined : violations.map(({ rule, file, detail }) => `${rule} in ${file}: ${detail}`).join('; ');
}

async function prove(
  checkout: Checkout,
  edits: readonly Edit[],
  { sandbox, project }: Ports,
  call: RemediationCall,
): Promise<{ told: string } | { why: string }> {
  const runner = await sandbox.detectRunner(project.root);
  const run = (): Promise<TestReport> | undefined => runner && sandbox.runTests(checkout, runner, { signal: call.signal });
  call.heartbeat('running the tests as they are');
  const before = await run();
  try {
    await checkout.apply(edits);
  } catch (error) {
    if (isSelfhealError(error) && (error.code === 'PATCH_CONFLICT' || error.code === 'PATCH_FORBIDDEN')) return { why: error.message };
    throw error;
  }
  if (before === undefined) return { told: 'the repository has no tests; the beat itself is the proof' };
  call.heartbeat('running the tests with the patch');
  const after = await run();
  if (after === undefined || after.forged) return { why: 'the tests do not report truthfully with it' };
  const broken = namesOf(before, 'passed').filter((id) => !namesOf(after, 'passed').includes(id));
  if (broken.length > 0) return { why: `it breaks ${broken.slice(0, 5).join(', ')}` };
  const fixed = namesOf(after, 'passed').length - namesOf(before, 'passed').length;
  return { told: `${namesOf(after, 'passed').length} tests pass with the patch${fixed > 0 ? `, ${fixed} more than before` : ''}` };
}

function namesOf({ results }: TestReport, status: 'passed' | 'failed'): string[] {
  return results.filter((result) => result.status === status).map(({ id }) => id);
}

function failureOf(error: unknown): FailureError {
  if (!(error instanceof Error)) return { type: 'Error', message: String(error), causes: [] };
  const type = isSelfhealError(error) ? error.code : error.name;
  return {
    type,
    message: error.message.slice(0, 4_000),
    ...(error.stack !== undefined && { stack: error.stack.slice(0, 8_000) }),
    causes: [],
  };
}
