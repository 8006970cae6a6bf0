import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { Row } from '../table.ts';
import { generateWorkspace, randomNumbers } from './generate-workspace.ts';

const COMMAND = join(import.meta.dirname, '../../../packages/cli/bin/selfheal.js');

export interface KillFigures {
  readonly kills: number;
  readonly ofServer: number;
  /** Of the command, when its workflow had taken over. */
  readonly followed: number;
  readonly builds: number;
  /** Packages whose command was started again after their result was recorded. */
  readonly rebuilt: number;
  /** Packages that the reports of the finished builds do not have exactly once, as built or cached. */
  readonly missing: number;
  /** Commands that were started again because their result was not recorded. */
  readonly repeated: number;
}

/** `npm run bench build-kill`: the whole command, or the server alone, is killed at random points of durable builds. */
export async function runBuildKillBench(folder: string): Promise<Row[]> {
  const figures = await killBuilds(folder, { packages: 100, edges: 250, kills: 100, buildMs: [200, 800], concurrency: 6 });
  return [
    { what: 'kill -9 of command or server', value: figures.kills, unit: '' },
    { what: 'of these, of the server', value: figures.ofServer, unit: '' },
    { what: 'of these, of a command that a workflow followed', value: figures.followed, unit: '' },
    { what: 'builds of 100 packages that they hit', value: figures.builds, unit: '' },
    { what: 'packages built again though recorded', value: figures.rebuilt, unit: '', bound: 0 },
    { what: 'packages not exactly once in the report', value: figures.missing, unit: '', bound: 0 },
    { what: 'commands run again, not being recorded', value: figures.repeated, unit: '' },
  ];
}

export interface KillShape {
  readonly packages: number;
  readonly edges: number;
  readonly kills: number;
  /** Long enough for builds to be taken over by their workflow. */
  readonly buildMs: readonly [number, number];
  readonly concurrency: number;
}

export async function killBuilds(folder: string, shape: KillShape): Promise<KillFigures> {
  const runs = join(folder, 'runs.txt');
  const root = join(folder, 'workspace');
  await generateWorkspace(root, { ...shape, seed: 7 }, (name, command) => `echo ${name} >> ${runs} && ${command}`);
  const random = randomNumbers(11);
  const sum = { kills: 0, ofServer: 0, followed: 0, builds: 0, rebuilt: 0, missing: 0, repeated: 0 };
  while (sum.kills < shape.kills) {
    const before = (await linesOf(runs)).length;
    const recorded: { names: ReadonlySet<string>; runs: number }[] = [];
    for (let over = false; !over; ) {
      const build = startBuild(root, shape.concurrency);
      // As often as not a build is let come to its end, so that builds end.
      const kill = sum.kills < shape.kills && random() < 0.8;
      if (kill && (await reached(root, build, Math.floor(random() * shape.packages), random() * 200))) {
        sum.kills += 1;
        const server = random() < 0.3 ? await runningServer(root) : undefined;
        if (server !== undefined) {
          process.kill(server, 'SIGKILL');
          sum.ofServer += 1;
        } else {
          if (existsSync(join(root, '.selfheal/build/open.json'))) sum.followed += 1;
          build.child.kill('SIGKILL');
        }
      }
      over = (await build.ended) === 0;
      recorded.push({ names: await recordedIn(root), runs: (await linesOf(runs)).length });
    }
    const begun = await linesOf(runs);
    for (const at of recorded) sum.rebuilt += begun.slice(at.runs).filter((name) => at.names.has(name)).length;
    sum.repeated += begun.length - before - shape.packages;
    sum.missing += shape.packages - (await reportedDone(root)).size;
    sum.builds += 1;
    await execa('git', ['clean', '-xdfq'], { cwd: root });
    await rm(join(root, '.selfheal'), { recursive: true, force: true });
  }
  return sum;
}

interface RunningBuild {
  readonly child: ChildProcess;
  /** Its exit code; undefined where it was killed. */
  readonly ended: Promise<number | undefined>;
}

function startBuild(root: string, concurrency: number): RunningBuild {
  const args = [COMMAND, 'build', '--concurrency', String(concurrency), '--quiet', '--json', join(root, '../report.json')];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return { child, ended: once(child, 'exit').then(([code]: (number | null)[]) => code ?? undefined) };
}

/** Waits until so many tasks of the build under way are recorded, and a little more; false where it ended before. */
async function reached(root: string, { ended }: RunningBuild, count: number, andMs: number): Promise<boolean> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && (await recordedIn(root)).size < count) await delay(20);
  await delay(andMs);
  return !over;
}

/** The number of the server's process, once there is one that lives. */
async function runningServer(root: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(root, '.selfheal/build/engine/server.pid'), 'utf8').catch(() => ''));
  return pid > 0 && existsSync(`/proc/${pid}`) ? pid : undefined;
}

/** Packages whose result the journal of the build under way, or of the last, has. */
async function recordedIn(root: string): Promise<ReadonlySet<string>> {
  const folder = join(root, '.selfheal/build/runs');
  const last = (await readdir(folder).catch(() => [])).sort().at(-1);
  const lines = last === undefined ? [] : await linesOf(join(folder, last, 'results.jsonl'));
  // The last line of a process that was killed may be half: a result that is not recorded.
  return new Set(
    lines.filter((line) => line.endsWith('}')).map((line) => /"id":"(\w+)#build","state":"(?:built|cached)"/.exec(line)?.[1] ?? ''),
  );
}

async function reportedDone(root: string): Promise<ReadonlySet<string>> {
  const report: { packageReports: { packageName: string; status: string }[] } = JSON.parse(
    await readFile(join(root, '../report.json'), 'utf8'),
  );
  return new Set(report.packageReports.filter(({ status }) => status !== 'failed').map(({ packageName }) => packageName));
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
