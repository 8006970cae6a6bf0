import { setTimeout } from 'node:timers/promises';
import type { ByteSource } from './byte-source.ts';

const QUIET_MS = 2_000;
const LOOK_AGAIN_MS = 300;

/** Whether a file has stopped growing: unchanged for two seconds, or found the same on a second look. */
export async function isSettled(source: ByteSource): Promise<boolean> {
  if (Date.now() - source.modifiedMs > QUIET_MS) return true;
  await setTimeout(LOOK_AGAIN_MS);
  return (await source.sizeNow()) === source.size;
}
