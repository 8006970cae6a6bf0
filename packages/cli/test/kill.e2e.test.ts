import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Incident } from '@selfheal/contracts';
import { makeOrdersRepository, type OrdersRepository, ordersLog } from '@selfheal/testkit';
import { afterAll, expect, it } from 'vitest';
import { COMMAND_FILE, selfheal } from './rig.ts';

/** Statuses in which nothing is left to do for an incident. */
const CLOSED = ['healed', 'merged', 'inconclusive', 'reverted', 'failed', 'no_fix', 'invalid', 'abstained', 'rejected', 'dismissed'];
const MERGED = ['healed', 'merged', 'inconclusive'];

/** The process dies when this beat has ended and the next one of its sequence is under way. */
const KILLS = [
  { after: 'applyPatch', during: 'validation.run, its Temporal server with it', server: true },
  { after: 'createBranch', during: 'deployment.deploy, with its branch made' },
  { after: 'autoMergePR', during: 'deployment.deploy, with its pull request merged' },
] as const;

/** Processes of the command that have not ended. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

// At once: each waits half a minute for a beat whose process is gone.
it.concurrent.each(KILLS)('kill -9 during $during: `up` completes the run, once', async ({ after, ...kill }) => {
  const { repository, deploys } = await makeDeployedRepository();
  await killDuringHeal(repository, after, 'server' in kill);

  const up = start(['up', '--repo', repository.root]);
  const incident = await closedIncident(repository.root, up);
  up.child.kill('SIGTERM');
  const ended = await up.ended;

  expect([ended.code, ended.stderr]).toEqual([0, ended.stderr]);
  expect([MERGED.includes(incident.status), incident.status, incident.reason]).toEqual([true, incident.status, incident.reason]);
  const { git } = repository;
  expect((await git('branch', '--list', 'selfheal/*')).split('\n')).toHaveLength(1);
  expect(await git('rev-list', '--merges', '--count', 'main')).toBe('1');
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('worktree', 'list')).not.toContain('\n');
  // A deploy under way when the process died is repeated under its key; any other is made exactly once.
  const keys = await deployKeys(deploys);
  expect(new Set(keys).size).toBe(1);
  if (after !== 'autoMergePR') expect(keys).toHaveLength(1);
});

/** The orders repository with a deploy command that notes its key, and a log full of its fault. */
async function makeDeployedRepository(): Promise<{ repository: OrdersRepository; deploys: string }> {
  const outside = await mkdtemp(join(tmpdir(), 'selfheal-kill-'));
  const deploys = join(outside, 'deploys');
  const log = join(outside, 'app.ndjson');
  const config = {
    logs: [log],
    deploy: { command: `printf '%s\\n' "$SELFHEAL_DEPLOY_KEY" >> ${deploys}` },
    verify: { windowMs: 1_500, pollMs: 250 },
  };
  const repository = await makeOrdersRepository({ change: { 'selfheal.config.json': `${JSON.stringify(config, null, 2)}\n` } });
  await writeFile(log, ordersLog({ stack: repository.stack, healthy: 60, failing: 12 }));
  return { repository, deploys };
}

async function killDuringHeal({ root }: OrdersRepository, after: string, server: boolean): Promise<void> {
  const heal = start(['heal', '--repo', root, '--quiet']);
  const beats = join(root, '.selfheal/beats.ndjson');
  while (!(await textOf(beats)).includes(`"handler":"${after}"`)) {
    if (!running.has(heal.child)) throw new Error(`heal ended before ${after}: ${(await heal.ended).stderr}`);
    await delay(20);
  }
  const { temporalPid } = JSON.parse(await readFile(join(root, '.selfheal/run.json'), 'utf8')) as { temporalPid: number };
  heal.child.kill('SIGKILL');
  if (server) process.kill(temporalPid, 'SIGKILL');
  expect((await heal.ended).signal).toBe('SIGKILL');
}

/** Waits until the one incident is closed, which is the last thing that its workflow does. */
async function closedIncident(root: string, up: Command): Promise<Incident> {
  for (;;) {
    if (!running.has(up.child)) throw new Error(`up ended: ${(await up.ended).stderr}`);
    const { stdout } = await selfheal(['incidents', '--all', '--repo', root, '--json', '-']);
    const incidents = JSON.parse(stdout) as Incident[];
    expect(incidents).toHaveLength(1);
    const [incident] = incidents;
    if (incident !== undefined && CLOSED.includes(incident.status)) return incident;
    await delay(500);
  }
}

interface Command {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

function start(args: string[]): Command {
  const child = spawn(process.execPath, [COMMAND_FILE, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  running.add(child);
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  // Not 'close': a Temporal server that outlives its killed parent may hold the pipe open.
  const ended = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return { code, signal, stderr };
  });
  return { child, ended };
}

async function deployKeys(file: string): Promise<string[]> {
  return (await textOf(file)).split('\n').filter(Boolean);
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
