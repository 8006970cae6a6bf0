import { type Diagnosis, type Handler, isSelfhealError, type Patch } from '@selfheal/contracts';
import { checkIntegrity, diagnosedFiles } from '@selfheal/repair';
import { commitEdits, symbolicLinks } from '@selfheal/sandbox';

/**
 * validation.run, movement load. Commits the patch on its base, on no branch, and checks by syntax tree that it bends no test and
 * touches nothing beyond the diagnosis. The same patch on the same base gives the same commit, so a retry changes nothing.
 * Reads: the repository at the base. Writes: a commit object and a ref under refs/selfheal/. Fails: GIT_FAILED.
 */
export const applyPatch: Handler<'applyPatch'> = async ({ patch, diagnosis, codebase: info }, { codebase, project }) => {
  const { root } = project;
  const sources = (await codebase.snapshot(patch.base)).files;
  const integrity = checkIntegrity({
    sources,
    edits: patch.edits,
    policy: project.config.policy,
    allowedFiles: allowedFiles(patch, diagnosis),
    testFiles: [...(info.runner?.testFiles ?? []), ...patch.testFiles],
    symlinks: await symbolicLinks({ root, commit: patch.base }),
  });
  try {
    const head = await commitEdits({ root, base: patch.base, edits: patch.edits });
    return { trees: { base: patch.base, head }, applies: true, integrity };
  } catch (error) {
    // The repository moved on, or the patch is a bad one: a verdict on the patch, no failure of this beat.
    if (!isSelfhealError(error) || (error.code !== 'PATCH_CONFLICT' && error.code !== 'PATCH_FORBIDDEN')) throw error;
    return { trees: { base: patch.base }, applies: false, conflict: error.message, integrity };
  }
};

/** A coverage patch has no candidate and may touch no production file. */
function allowedFiles(patch: Patch, { analysis }: Diagnosis): string[] {
  return patch.candidate === undefined ? [] : diagnosedFiles(analysis);
}
