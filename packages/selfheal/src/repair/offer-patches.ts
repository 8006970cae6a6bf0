import { editsOfChanges, type JudgedPatch, reliabilityAt, unifiedDiff } from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import { type OwnCommands, provePatch } from './prove-patch.ts';
import type { RepairPatch } from './repair-report.ts';

const MOST_PROVEN = 4;
const MOST_OFFERED = 10;

/** The repository's own commands have the last word: the first patch that they pass is the one offered. */
export async function offerPatches(
  judged: readonly JudgedPatch[],
  own: OwnCommands,
  texts: ReadonlyMap<string, string>,
): Promise<RepairPatch[]> {
  const proven: RepairPatch[] = [];
  const others: RepairPatch[] = [];
  for (const [index, one] of judged.entries()) {
    const patch = await describe(one, texts);
    if (proven.length > 0 || index >= MOST_PROVEN) {
      others.push(patch);
      continue;
    }
    const proof = await provePatch(own, patch.edits);
    if (proof !== undefined) proven.push({ ...patch, proof });
  }
  return proven.length === 0 ? [] : [...proven, ...others].slice(0, MOST_OFFERED);
}

async function describe({ candidate, confidence, evidence, why }: JudgedPatch, texts: ReadonlyMap<string, string>): Promise<RepairPatch> {
  const edits = editsOfChanges(candidate.changes, texts);
  const before: Record<string, string> = {};
  for (const { file } of edits) before[file] = texts.get(file) ?? '';
  const applied = await applyEdits(edits, async (file) => Buffer.from(before[file] ?? ''));
  const after = Object.fromEntries([...applied].map(([file, bytes]) => [file, bytes.toString('utf8')]));
  const { operator, file, line } = candidate;
  const history = evidence === undefined ? undefined : reliabilityAt(confidence);
  const judged = { confidence, why, ...(evidence === undefined ? {} : { evidence }), ...(history === undefined ? {} : { history }) };
  return { operator, file, line, edits, diff: unifiedDiff(before, after), ...judged };
}
