import type { DecisionProposer } from '@selfheal/contracts';
import { hashEdits } from '@selfheal/repair';
import type { OpenProject } from '../../project/open-project.ts';
import { repairRepository } from '../../repair/repair-repository.ts';
import { decided, noIdea } from './answers.ts';

/**
 * The repair engine: where the repository does not compile or its tests fail, the patch that mends that. It works on a private copy and runs
 * what it tries confined.
 */
export function repairEngine(project: OpenProject): DecisionProposer {
  const { searchMs } = project.config.remediation;
  return {
    name: 'repair-engine',
    async propose(_context, { previous }, signal) {
      if (searchMs === 0) return noIdea('the search is off');
      const report = await repairRepository({ repo: project.root, dataDir: project.dataDir, budgetMs: searchMs, signal });
      const tried = new Set(previous.map(({ patchHash }) => patchHash));
      const patch = report.status === 'offered' ? report.patches.find(({ edits }) => !tried.has(hashEdits(edits))) : undefined;
      if (patch === undefined) return noIdea(`${report.status}: ${report.reason}`);
      const reasoning = `${patch.why} (${patch.operator} at ${patch.file}:${patch.line})`;
      return decided('repair-engine', { decision: 'RETRY', reasoning, confidence: patch.confidence, edits: patch.edits });
    },
  };
}
