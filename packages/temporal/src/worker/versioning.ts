import type { Connection } from '@temporalio/client';

export const DEPLOYMENT_NAME = 'selfheal';

const ATTEMPTS = 100;
const WAIT_MS = 100;

/**
 * Makes this build the current one of the deployment, so that waiting runs move on to it (AUTO_UPGRADE). The server knows a build only
 * after its worker has polled once, hence the attempts.
 */
export async function makeCurrent(connection: Connection, namespace: string, buildId: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: DEPLOYMENT_NAME,
        buildId,
        identity: `selfheal@${process.pid}`,
        ignoreMissingTaskQueues: true,
      });
      return;
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
