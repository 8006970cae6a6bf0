import type { Records } from '@selfheal/contracts';

const PAGE = 500;

/** Removes the timing of beats that started before the time; page by page, so that other writers are never long kept waiting. */
export async function removeBeatRuns(records: Records, projectId: string, before: number, signal: AbortSignal): Promise<number> {
  const range = { field: 'startedAt' as const, to: before };
  for (let removed = 0; ; ) {
    signal.throwIfAborted();
    const page = await records.list('beatRun', { where: { projectId }, range, orderBy: { field: 'startedAt' }, limit: PAGE });
    removed += await records.remove(
      'beatRun',
      page.map(({ id }) => id),
    );
    if (page.length < PAGE) return removed;
  }
}
