import { reachable } from '@selfheal/build-graph';
import { hashEdits } from '@selfheal/repair';
import { decided, noIdea } from '../../remediation/proposers/answers.ts';
import type { BuildProposer } from './build-failure.ts';

const BUDGET_MS = 60_000;

/**
 * The repair engine on the failed package and what it needs: where it does not compile or its tests fail, the patch that mends that. The
 * other packages are left out, so that what is wrong with them says nothing here.
 */
export const proposeRepair: BuildProposer = (tree, { task }) => ({
  name: 'repair-engine',
  async propose(_context, { previous }, signal) {
    const { repairRepository } = await import('../../repair/index.ts');
    const { workspace, plan } = await tree.plan();
    const needed = new Set([task.id, ...reachable(plan.graph, task.id, 'dependencies')].map((id) => plan.tasks.get(id)?.packageName));
    const leaveOut = workspace.packages
      .filter(({ name, directory }) => !needed.has(name) && directory !== '.')
      .map(({ directory }) => directory);
    const report = await repairRepository({ repo: tree.root, budgetMs: BUDGET_MS, leaveOut, signal });
    const tried = new Set(previous.map(({ patchHash }) => patchHash));
    const below = task.directory === '.' ? '' : `${task.directory}/`;
    const patches = report.status === 'offered' ? report.patches : [];
    const patch = patches.find(({ edits }) => !tried.has(hashEdits(edits)) && edits.every(({ file }) => file.startsWith(below)));
    if (patch === undefined) return noIdea(`${report.status}: ${report.reason}`);
    const reasoning = `${patch.why} (${patch.operator} at ${patch.file}:${patch.line})`;
    return decided('repair-engine', { decision: 'RETRY', reasoning, confidence: patch.confidence, edits: patch.edits });
  },
});
