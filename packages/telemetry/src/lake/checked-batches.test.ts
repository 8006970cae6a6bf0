import { appendFileSync, existsSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { damage } from '../../test/lake/damage.ts';
import { event } from '../../test/lake/sample-events.ts';
import { makeTemporaryLake, START, type TemporaryLake } from '../../test/lake/temporary-lake.ts';

let own: TemporaryLake;
beforeEach(async () => {
  own = await makeTemporaryLake();
});

describe('a damaged lake', () => {
  it.each([
    ['torn', (file: string) => truncateSync(file, 200), true],
    ['changed by one byte', (file: string) => damage(file), true],
    ['longer', (file: string) => appendFileSync(file, 'x'), true],
    ['gone', (file: string) => rmSync(file), false],
  ])('sets aside a batch that is %s, says which, and stays readable', async (_what, spoil, renamed) => {
    const broken = await own.ingest('b1', [event('s:1')]);
    await own.ingest('b2', [event('s:2', { line: 2 })]);
    spoil(join(own.dir, broken.file));
    expect(await own.ids()).toEqual(['s:2']);
    expect(own.quarantined).toEqual([
      expect.objectContaining({
        code: 'LAKE_CORRUPT',
        message: expect.stringMatching(/batch b1 with 1 events .*p\/2026-11-20\/b1.parquet/),
      }),
    ]);
    expect(existsSync(join(own.dir, `${broken.file}.corrupt`))).toBe(renamed);
    expect(await own.store.records.list('quarantined')).toEqual([
      {
        id: 'batch-b1',
        projectId: 'p',
        createdAt: START,
        rejected: { path: broken.file, code: 'LAKE_CORRUPT', message: expect.stringContaining('b1'), bytes: broken.bytes },
      },
    ]);
    expect(await own.ids()).toEqual(['s:2']);
    expect(own.quarantined).toHaveLength(1);
    await own.ingest('b1', [event('s:1')]);
    expect(await own.ids()).toEqual(['s:1', 's:2']);
  });

  it('sees damage that comes after a first good read', async () => {
    const batch = await own.ingest('b1', [event('s:1')]);
    expect(await own.ids()).toEqual(['s:1']);
    damage(join(own.dir, batch.file));
    expect(await own.ids()).toEqual([]);
    expect(own.quarantined).toHaveLength(1);
  });

  it('keeps its catalogue where the whole project is gone, as on a disk that is not mounted', async () => {
    await own.ingest('b1', [event('s:1')]);
    renameSync(join(own.dir, 'p'), join(own.folder, 'away'));
    await expect(own.ids()).rejects.toMatchObject({ code: 'LAKE_MISSING', message: expect.stringContaining(join(own.dir, 'p')) });
    renameSync(join(own.folder, 'away'), join(own.dir, 'p'));
    expect(await own.ids()).toEqual(['s:1']);
  });
});
