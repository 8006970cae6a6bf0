import type { BeatInput, CiResult, Handler, Ports } from '@selfheal/contracts';
import { advance } from './deployment-record.ts';
import { failedChecks } from './failed-checks.ts';

/**
 * Sequence deployment.deploy, movement Ship. Runs the checks of the repository on the head of the pull request, confined; where they
 * fail, on the commit that the fix was made for too, so that it is not blamed for what failed before.
 * Reads the pull request. Writes deployment. Checks that fail are a result; fails with SANDBOX_MISSING, SANDBOX_FAILED. Checks that passed
 * on the same head are not run again.
 */
export const runCIChecks: Handler<'runCIChecks'> = async (input, ports) => {
  const { deploymentId, pullRequest, command } = input;
  const { ci: known, patchId } = await ports.records.need('deployment', deploymentId);
  if (known?.passed && known.head === pullRequest.head && known.command === command) return { ci: known };
  const onHead = await run(input, pullRequest.head, ports);
  const ci = onHead.passed ? onHead : { ...onHead, baseFails: !(await run(input, await baseOf(patchId, ports), ports)).passed };
  await advance(ports, deploymentId, { ci, ...(ci.passed ? {} : failedChecks(ci)) });
  return { ci };
};

function run({ pullRequest, command }: BeatInput<'runCIChecks'>, head: string, ports: Ports): Promise<CiResult> {
  return ports.forge.runChecks({
    pullRequest: { ...pullRequest, head },
    command,
    timeoutMs: ports.project.config.sandbox.testTimeoutMs,
    signal: ports.beat.signal,
    onOutput: (line) => ports.beat.heartbeat(line),
  });
}

async function baseOf(patchId: string, { records }: Ports): Promise<string> {
  return (await records.need('patch', patchId)).base;
}
