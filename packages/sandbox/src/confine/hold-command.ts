import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import type { ProcessGroup } from './process-group.ts';

/**
 * Puts a command that bubblewrap holds back into its group and then lets it begin. The kernel takes longer to move a process than
 * bubblewrap takes to build the sandbox: both are done at once. `tells` and `waits` are the child's descriptors. Rejects where the process
 * cannot be moved; then it is not let go.
 */
export async function releaseIntoGroup(child: ChildProcess, group: ProcessGroup, tells: number, waits: number): Promise<void> {
  const [told, gate] = [child.stdio[tells], child.stdio[waits]];
  if (!(told instanceof Readable) || !(gate instanceof Writable)) throw new TypeError('the command has no descriptors to be held by');
  // It may have ended before it was told to begin; its exit code tells.
  gate.on('error', () => undefined);
  const pid = await readProcess(told);
  if (pid === undefined) return;
  await group.add(pid).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
  gate.end('\n');
}

/** `{ "child-pid": 123, ... }`; undefined where bubblewrap failed before it came to that. To the end: it writes on after the process. */
async function readProcess(told: Readable): Promise<number | undefined> {
  let said = '';
  for await (const chunk of told.setEncoding('utf8')) said += String(chunk);
  const [, pid] = /"child-pid":\s*(\d+)/.exec(said) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
