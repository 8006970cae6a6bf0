import type { Handler } from '@selfheal/contracts';
import { applyEdits, changedPaths, hashEdits, unifiedDiff } from '@selfheal/repair';

/**
 * fix.generate, movement "assemble": code, test and documentation as one patch with one unified diff.
 * Reads: the parts and the sources they are made for. Writes: nothing. Failures: PATCH_CONFLICT where the parts do not fit each other.
 */
export const createPatch: Handler<'createPatch'> = ({ diagnosis, sources, candidate, test, documentation, trials, remaining }) => {
  const edits = [...(candidate?.edits ?? []), ...test.edits, ...documentation.edits];
  const after = applyEdits(sources.files, edits);
  const hash = hashEdits(edits);
  return {
    patch: {
      id: `patch-${hash.slice(0, 16)}`,
      hash,
      projectId: diagnosis.projectId,
      incidentId: diagnosis.incidentId,
      diagnosisId: diagnosis.id,
      type: diagnosis.type,
      base: sources.commit,
      ...(candidate ? { candidate } : {}),
      test,
      documentation,
      edits,
      diff: unifiedDiff(sources.files, after),
      files: changedPaths(sources.files, after),
      testFiles: [...new Set(test.edits.map((edit) => edit.file))],
      trials,
      remaining,
    },
  };
};
