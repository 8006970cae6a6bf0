import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DeployResult, SelfhealError } from '@selfheal/contracts';
import { execa } from 'execa';
import { oneLine } from '../git/message.ts';
import { tail } from './tail.ts';

export interface DeployRequest {
  readonly command: string;
  readonly root: string;
  /** Folder that keeps what deploys print. */
  readonly logDir: string;
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  onOutput?(line: string): void;
}

const POLL_MS = 200;
const SHOWN_BYTES = 65_536;
const KILL_AFTER_MS = 5_000;

/**
 * Runs the deploy command in the repository, in a session of its own and with a file as its output: what it starts may outlive it and us,
 * and nobody waits for a pipe that a started service holds open. Fails with DEPLOY_FAILED, and with CANCELLED where the signal asked.
 */
export async function runDeploy(request: DeployRequest): Promise<DeployResult> {
  const { command, key, signal } = request;
  const started = Date.now();
  await mkdir(request.logDir, { recursive: true });
  const logFile = join(request.logDir, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.log`);
  await using log = await open(logFile, 'w+');
  const result = await runToItsEnd(request, logFile, log);
  const output = tail(await lastOf(log));
  if (signal.aborted) throw new SelfhealError('CANCELLED', `the deploy command was stopped: ${command}`);
  if (result.failed) {
    const how = result.timedOut ? `did not end within ${request.timeoutMs} ms` : `ended with ${result.exitCode ?? result.signal}`;
    throw new SelfhealError('DEPLOY_FAILED', `${command} ${how}: ${output.trim().slice(-800)}`, { where: { log: logFile } });
  }
  return { deployed: true, key, command, output, at: Date.now(), durationMs: Date.now() - started };
}

async function runToItsEnd(request: DeployRequest, logFile: string, log: FileHandle) {
  const output = createWriteStream(logFile, { flags: 'a' });
  await once(output, 'open');
  const child = execa(request.command, {
    shell: true,
    cwd: request.root,
    env: request.env,
    extendEnv: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    detached: true,
    cleanup: false,
    reject: false,
    timeout: request.timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    cancelSignal: request.signal,
  });
  let shown = 0;
  const show = async () => {
    const text = await read(log, shown, SHOWN_BYTES);
    const complete = text.subarray(0, text.lastIndexOf('\n') + 1);
    shown += complete.length;
    for (const line of complete.toString('utf8').split('\n')) if (line.trim() !== '') request.onOutput?.(oneLine(line));
  };
  const ended = new AbortController();
  const following = follow(show, ended.signal);
  try {
    return await child;
  } finally {
    output.destroy();
    ended.abort();
    await following;
  }
}

/** Shows what was printed every so often, and what is left at the end. */
async function follow(show: () => Promise<void>, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await delay(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
    await show();
  }
}

async function read(log: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await log.read(buffer, 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function lastOf(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  return (await read(log, Math.max(0, size - SHOWN_BYTES), SHOWN_BYTES)).toString('utf8');
}
