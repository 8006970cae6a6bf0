import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { landFix } from '../testing/landing.ts';
import { RepositoryRig } from '../testing/repository-rig.ts';

const KILLS = 30;
/** A landing takes about this long on an idle machine: kills are spread over it. */
const LANDING_MS = 450;

it('makes one branch and one merge of each fix, whenever it is killed', { timeout: 240_000 }, async () => {
  await using rig = await RepositoryRig.create();
  const base = await rig.head();
  let killed = 0;
  for (let at = 0; at < KILLS; at++) {
    const name = `fix ${at}`.replace(' ', '-');
    if (await killDuringLanding(rig.root, base, name, (LANDING_MS * at) / KILLS, at % 2 === 0)) killed += 1;
    await landAgain(rig.root, base, name);
    expect(await rig.status(), name).toBe('');
  }
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(await rig.git('rev-list', '--count', '--merges', 'main')).toBe(String(KILLS));
  expect(await rig.git('rev-list', '--count', '--no-merges', 'main')).toBe(String(KILLS + 1));
  expect((await rig.git('branch', '--list', 'selfheal/*')).split('\n')).toHaveLength(KILLS);
  expect(await rig.git('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  await expect(rig.read('.git/index.lock')).rejects.toThrow('ENOENT');
});

/** As the engine does: what may pass by itself (a machine out of processes) is tried again. */
async function landAgain(root: string, base: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await landFix(root, { name, base, edits: [{ file: `src/${name}/größe.js`, search: '', replace: `${name}\n`.repeat(200) }] });
      return;
    } catch (error) {
      if (attempt === 5 || !isSelfhealError(error) || !error.retryable) throw error;
      await delay(500);
    }
  }
}

/** Kills the process alone, or with the git commands that it runs, some time after it began; false where it was done before. */
async function killDuringLanding(root: string, base: string, name: string, afterMs: number, withChildren: boolean): Promise<boolean> {
  const script = join(import.meta.dirname, '../testing/land-fixes.ts');
  const child = execa(process.execPath, [script, root, base, name], { detached: true, reject: false, cleanup: false });
  await once(child.stdout, 'data');
  await Promise.race([child, delay(afterMs)]);
  try {
    if (child.pid !== undefined) process.kill(withChildren ? -child.pid : child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  return (await child).signal === 'SIGKILL';
}
