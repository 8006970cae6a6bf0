import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const UNWRITTEN_MS = 2_000;

/**
 * Runs `work` while no other set-up of the same clone runs: `npm start` and `npm test` in two terminals of a fresh clone must not both
 * install into one node_modules. A lock whose process is gone does not count.
 */
export async function withSetupLock(root, work) {
  const file = join(root, '.cache/setup.lock');
  mkdirSync(join(root, '.cache'), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (!told) console.error('set-up: waiting for another set-up of this folder ...');
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!ownerRuns(file)) rmSync(file, { force: true });
    return false;
  }
}

function ownerRuns(file) {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    // Created and not yet written, unless its owner died in between.
    if (owner === 0) return Date.now() - statSync(file).mtimeMs < UNWRITTEN_MS;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
