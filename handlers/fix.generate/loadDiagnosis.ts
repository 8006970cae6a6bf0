import type { Handler, Ports } from '@selfheal/contracts';

/**
 * fix.generate, movement "load": all that generation needs, at the commit that was diagnosed.
 * Reads: records (diagnosis, anomaly, prior models, barred patches, patches), code base. Writes: the incident's status `fixing`.
 * Failures: RECORD_MISSING, REPO_*, GIT_FAILED.
 */
export const loadDiagnosis: Handler<'loadDiagnosis'> = async (
  { projectId, diagnosisId, barred },
  { records, codebase, project, clock },
) => {
  const diagnosis = await records.need('diagnosis', diagnosisId);
  const [anomaly, info, sources, priors, tried] = await Promise.all([
    records.need('anomaly', diagnosis.anomalyId),
    codebase.info(diagnosis.commit),
    codebase.snapshot(diagnosis.commit),
    records.list('model', { where: { projectId, kind: 'prior' } }),
    barredParts(records, projectId, diagnosis.incidentId, barred),
  ]);
  await records.update('incident', diagnosis.incidentId, (incident) => ({ ...incident, status: 'fixing', updatedAt: clock.now() }));
  return { diagnosis, anomaly, codebase: info, sources, priors, barred: tried, policy: project.config.policy };
};

/**
 * Hashes of patches that were refused or made things worse, and of the candidate (for a coverage gap: the test) in each: the search meets
 * a candidate before there is a patch to hash.
 */
async function barredParts(records: Ports['records'], projectId: string, incidentId: string, barred: readonly string[]): Promise<string[]> {
  const [forever, patches] = await Promise.all([
    records.list('barredPatch', { where: { projectId } }),
    records.list('patch', { where: { projectId } }),
  ]);
  const hashes = new Set([...barred, ...forever.map((one) => one.hash)]);
  const parts = patches
    .filter((patch) => hashes.has(patch.hash))
    .map((patch) => patch.candidate?.id ?? (patch.incidentId === incidentId ? patch.test.id : patch.hash));
  return [...new Set([...hashes, ...parts])];
}
