import { createHash } from 'node:crypto';
import type { Handler } from '@selfheal/contracts';
import { dropProposal } from '@selfheal/sandbox';

/**
 * validation.run, movement results. Stores the verdict under an id made of the patch and its base, so that a retry or a second
 * validation of the same patch replaces it; a failed one is noted on the incident. The commit that was validated is let go.
 * Reads: validation, incident, patch. Writes: validation, incident; removes the ref of applyPatch. Fails: RECORD_MISSING, GIT_FAILED.
 */
export const storeValidationResults: Handler<'storeValidationResults'> = async (
  { projectId, incidentId, validation },
  { records, clock, project },
) => {
  const key = createHash('sha256').update([projectId, incidentId, validation.patchHash, validation.base].join('\0')).digest('hex');
  const id = `val_${key.slice(0, 20)}`;
  await records.transaction(async (inside) => {
    const before = await inside.get('validation', id);
    await inside.put('validation', { ...validation, id, createdAt: before?.createdAt ?? clock.now() });
    await inside.update('incident', incidentId, ({ reason: _, ...incident }) => ({
      ...incident,
      validationId: id,
      status: validation.passed ? 'validating' : 'invalid',
      ...(validation.passed ? {} : { reason: failures(validation.checks) }),
      updatedAt: clock.now(),
    }));
  });
  const patch = await records.get('patch', validation.patchId);
  if (patch !== undefined) await dropProposal({ root: project.root, edits: patch.edits });
  return { validationId: id };
};

function failures(
  checks: readonly { readonly required: boolean; readonly passed: boolean; readonly name: string; readonly detail: string }[],
): string {
  const failed = checks.filter(({ required, passed }) => required && !passed);
  return `validation failed: ${failed.map(({ name, detail }) => `${name} (${detail})`).join('; ')}`;
}
