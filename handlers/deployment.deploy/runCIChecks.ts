import type { Handler } from '@selfheal/contracts';
import { advance } from './deployment-record.ts';

/**
 * Sequence deployment.deploy, movement Ship. Runs the checks of the repository on the head of the pull request, confined.
 * Reads the pull request. Writes deployment. Checks that fail are a result; fails with SANDBOX_MISSING, SANDBOX_FAILED. Checks that passed
 * on the same head are not run again.
 */
export const runCIChecks: Handler<'runCIChecks'> = async ({ deploymentId, pullRequest, command }, ports) => {
  const { ci: known } = await ports.records.need('deployment', deploymentId);
  if (known?.passed && known.head === pullRequest.head && known.command === command) return { ci: known };
  const ci = await ports.forge.runChecks({
    pullRequest,
    command,
    timeoutMs: ports.project.config.sandbox.testTimeoutMs,
    signal: ports.beat.signal,
    onOutput: (line) => ports.beat.heartbeat(line),
  });
  await advance(ports, deploymentId, {
    ci,
    ...(ci.passed ? {} : { status: 'ci_failed' as const, reason: `${command} ended with ${ci.exitCode}` }),
  });
  return { ci };
};
