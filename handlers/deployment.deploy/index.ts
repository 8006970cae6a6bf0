import { applyChanges } from './applyChanges.ts';
import { autoMergePR } from './autoMergePR.ts';
import { checkApproval } from './checkApproval.ts';
import { createBranch } from './createBranch.ts';
import { createPullRequest } from './createPullRequest.ts';
import { deployCompleted } from './deployCompleted.ts';
import { deployRequested } from './deployRequested.ts';
import { deployToProduction } from './deployToProduction.ts';
import { loadValidationResults } from './loadValidationResults.ts';
import { revertDeployment } from './revertDeployment.ts';
import { runCIChecks } from './runCIChecks.ts';
import { verifyDeployment } from './verifyDeployment.ts';

/** The handlers of deployment.deploy by beat name. */
export const deploymentDeployHandlers = {
  deployRequested,
  loadValidationResults,
  checkApproval,
  createBranch,
  applyChanges,
  createPullRequest,
  runCIChecks,
  autoMergePR,
  deployToProduction,
  verifyDeployment,
  revertDeployment,
  deployCompleted,
};
