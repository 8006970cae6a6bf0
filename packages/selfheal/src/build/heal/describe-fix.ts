import type { BuildFix } from '@selfheal/build';
import type { Edit, RemediationDecision } from '@selfheal/contracts';
import { unifiedDiff } from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import type { HealingTree } from './healing-tree.ts';

export interface ProposedFix {
  readonly number: number;
  readonly task: string;
  readonly decision: RemediationDecision;
  readonly edits: readonly Edit[];
}

/** What people are shown of a change, with its place in the copy as it is now. Fails with PATCH_CONFLICT where it does not fit. */
export async function describeFix(
  tree: HealingTree,
  { number, task, decision, edits }: ProposedFix,
): Promise<Omit<BuildFix, 'patch' | 'state' | 'why'>> {
  const texts = new Map<string, string | undefined>();
  for (const { file } of edits) texts.set(file, await tree.read(file));
  const changed = await applyEdits(edits, async (file) => {
    const text = texts.get(file);
    return text === undefined ? undefined : Buffer.from(text);
  });
  const before = Object.fromEntries([...texts].flatMap(([file, text]) => (text === undefined ? [] : [[file, text]])));
  const after = { ...before, ...Object.fromEntries([...changed].map(([file, bytes]) => [file, bytes.toString('utf8')])) };
  const file = edits[0]?.file ?? '';
  return {
    number,
    task,
    file,
    line: firstChangedLine(before[file] ?? '', after[file] ?? ''),
    proposer: decision.proposer,
    ...(decision.model === undefined ? {} : { model: decision.model }),
    confidence: decision.confidence,
    edits,
    diff: unifiedDiff(before, after),
  };
}

function firstChangedLine(before: string, after: string): number {
  const [old, made] = [before.split('\n'), after.split('\n')];
  const at = old.findIndex((line, index) => line !== made[index]);
  return (at < 0 ? old.length : at) + 1;
}
