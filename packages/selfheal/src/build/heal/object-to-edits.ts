import { isDeepStrictEqual } from 'node:util';
import { type Edit, isSelfhealError, type SelfhealConfig } from '@selfheal/contracts';
import { checkIntegrity, readSnapshot } from '@selfheal/repair';
import { applyEdits } from '@selfheal/repository';
import { symbolicLinks } from '@selfheal/sandbox';
import type { HealingTree } from './healing-tree.ts';

const ADDABLE = ['dependencies', 'devDependencies'];

/**
 * What stands against a patch before it is tried: the policy, and the check that it bends no proof. A manifest may get a dependency that the
 * workspace knows, and nothing else. Undefined where nothing does.
 */
export async function objectionTo(
  tree: HealingTree,
  edits: readonly Edit[],
  policy: SelfhealConfig['policy'],
): Promise<string | undefined> {
  const manifests = edits.filter(({ file }) => /(?:^|\/)package\.json$/.test(file));
  const code = edits.filter((edit) => !manifests.includes(edit));
  const commit = await tree.head();
  const { files } = await readSnapshot({ root: tree.root, commit });
  const { violations } = checkIntegrity({
    sources: files,
    edits: code,
    policy,
    allowedFiles: code.map(({ file }) => file).filter((file) => Object.hasOwn(files, file)),
    testFiles: [],
    symlinks: await symbolicLinks({ root: tree.root, commit }),
  });
  const [first] = violations;
  if (first !== undefined) return `${first.rule} in ${first.file}: ${first.detail}`;
  for (const file of new Set(manifests.map((edit) => edit.file))) {
    const objection = await objectionToManifest(tree, file, manifests);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

async function objectionToManifest(tree: HealingTree, file: string, edits: readonly Edit[]): Promise<string | undefined> {
  const before = await tree.read(file);
  if (before === undefined) return `${file} is not there`;
  let after: Buffer | undefined;
  try {
    after = (
      await applyEdits(
        edits.filter((edit) => edit.file === file),
        async () => Buffer.from(before),
      )
    ).get(file);
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    return error.message;
  }
  const [old, made] = [manifestOf(before), manifestOf(after?.toString('utf8') ?? '')];
  if (old === undefined || made === undefined) return `${file} is no manifest any more`;
  const rest = (manifest: Readonly<Record<string, unknown>>) => Object.entries(manifest).filter(([key]) => !ADDABLE.includes(key));
  if (!isDeepStrictEqual(rest(old), rest(made))) return `${file}: more than dependencies changed`;
  for (const field of ADDABLE) {
    const now = new Map(Object.entries(manifestOf(JSON.stringify(made[field] ?? {})) ?? {}));
    const lost = Object.entries(manifestOf(JSON.stringify(old[field] ?? {})) ?? {}).find(([name, range]) => now.get(name) !== range);
    if (lost !== undefined) return `${file}: the range of ${lost[0]} changed`;
  }
  return undefined;
}

function manifestOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? Object.fromEntries(Object.entries(read)) : undefined;
  } catch {
    return undefined;
  }
}
