import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.ts';
import { takeLifetimeLock } from './lifetime-lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfheal-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file lock', () => {
  it('lets one in at a time, also when the one before failed', async () => {
    let inside = 0;
    let most = 0;
    const work = async (index: number): Promise<number> => {
      most = Math.max(most, ++inside);
      await sleep(2);
      inside--;
      if (index === 3) throw new RangeError('refused');
      return index;
    };
    const ran = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => withFileLock(file, () => work(index))));
    expect(ran.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(most).toBe(1);
  });

  it('says which lock it waited for in vain', async () => {
    const held = takeLifetimeLock(file);
    await expect(withFileLock(file, async () => 1, 10)).rejects.toMatchObject({ code: 'STORE_LOCKED', where: { file } });
    held?.release();
    expect(await withFileLock(file, async () => 1, 10)).toBe(1);
  });
});
