import { mkdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SelfhealError } from '@selfheal/contracts';
import { writeDurably } from '../files/durable-file.ts';
import { sqliteFailure } from '../sqlite/sqlite-flavour.ts';
import { isLifetimeLockHeld, type LifetimeLock, takeLifetimeLock } from './lifetime-lock.ts';

/** What other commands need to use a running engine. */
export interface EngineDetails {
  /** `host:port` of the Temporal server that it uses. */
  temporalAddress?: string;
  namespace?: string;
  taskQueue?: string;
  /** Where people see its workflows. */
  uiUrl?: string;
  /** Process of the Temporal server where the engine started it: it may outlive an engine that is killed. */
  temporalPid?: number;
  version?: string;
}

export interface EngineInfo extends EngineDetails {
  readonly pid: number;
  /** Epoch ms. */
  readonly claimedAt: number;
}

export interface EngineClaim {
  readonly info: EngineInfo;
  /** What an engine left that ended without releasing its claim; undefined after an orderly end. */
  readonly abandoned: EngineInfo | undefined;
  /** Adds to what others read. */
  update(details: EngineDetails): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the engine of the data folder and writes `run.json` there. Fails with ENGINE_RUNNING where a living process
 * is; the claim of a dead one is taken over. Of two starters at once, one gets it.
 */
export async function claimEngine(dataDir: string, details: EngineDetails): Promise<EngineClaim> {
  const folder = resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw sqliteFailure(error, folder) ?? error;
  }
  const lock = takeLifetimeLock(lockFile(folder));
  if (lock === undefined) throw running(folder, await readRunFile(folder));
  try {
    return await claim(folder, lock, details);
  } catch (error) {
    lock.release();
    throw sqliteFailure(error, runFile(folder)) ?? error;
  }
}

/** The engine that runs on the data folder now, if one does. */
export async function readEngine(dataDir: string): Promise<EngineInfo | undefined> {
  const folder = resolve(dataDir);
  const deadline = performance.now() + 500;
  while (isLifetimeLockHeld(lockFile(folder))) {
    const info = await readRunFile(folder);
    // The holder takes the lock a moment before it writes who it is, and what is there may still be its predecessor's.
    if (info !== undefined && isAlive(info.pid)) return info;
    if (performance.now() > deadline) return info;
    await sleep(20);
  }
  return undefined;
}

async function claim(folder: string, lock: LifetimeLock, details: EngineDetails): Promise<EngineClaim> {
  const abandoned = await readRunFile(folder);
  let info: EngineInfo = { ...details, pid: process.pid, claimedAt: Date.now() };
  const save = (): Promise<void> => writeDurably(runFile(folder), `${JSON.stringify(info, null, 2)}\n`);
  await save();
  return {
    get info() {
      return info;
    },
    abandoned,
    async update(more) {
      info = { ...info, ...more };
      await save();
    },
    async release() {
      await rm(runFile(folder), { force: true });
      lock.release();
    },
  };
}

function lockFile(folder: string): string {
  return join(folder, 'engine.lock');
}

function runFile(folder: string): string {
  return join(folder, 'run.json');
}

/** Undefined where there is none, or none that can be read: the file informs, the lock decides. */
async function readRunFile(folder: string): Promise<EngineInfo | undefined> {
  const text = await readFile(runFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isEngineInfo(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEngineInfo(value: unknown): value is EngineInfo {
  if (typeof value !== 'object' || value === null) return false;
  return 'pid' in value && typeof value.pid === 'number' && 'claimedAt' in value && typeof value.claimedAt === 'number';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function running(folder: string, info: EngineInfo | undefined): SelfhealError {
  const since = info === undefined ? '' : ` (process ${info.pid}, since ${new Date(info.claimedAt).toISOString()}${at(info)})`;
  return new SelfhealError('ENGINE_RUNNING', `an engine${since} runs on it`, { where: { folder } });
}

function at(info: EngineInfo): string {
  return info.temporalAddress === undefined ? '' : `, Temporal at ${info.temporalAddress}`;
}
