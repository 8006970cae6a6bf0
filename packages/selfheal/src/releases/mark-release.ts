import { type Records, type ReleaseMark, SelfhealError } from '@selfheal/contracts';

/**
 * Records when a release began to run. Telemetry that names no release belongs to it from then on, until the next one that was marked
 * so. A second mark of the same name moves the first. Fails with INPUT_INVALID where there is no name.
 */
export async function markRelease(records: Records, projectId: string, mark: { name: string; at: number }): Promise<ReleaseMark> {
  const name = mark.name.trim();
  if (name === '') throw new SelfhealError('INPUT_INVALID', 'a release needs a name', { where: { project: projectId } });
  const stored: ReleaseMark = { id: `${projectId}:${name}`, projectId, name, at: mark.at, marked: true };
  await records.put('release', stored);
  return stored;
}
