import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildConfig } from '@selfheal/contracts';
import { git } from '@selfheal/repository';
import { onTestFinished } from 'vitest';
import type { TaskResult } from './run/build-event.ts';
import { type BuildSettings, runBuild } from './run/run-build.ts';
import { openTaskRunner, type RunnerRequest } from './run/task-runner.ts';
import { planTasks } from './task/plan-tasks.ts';
import { readWorkspace } from './workspace/read-workspace.ts';

/** Puts the sources of a package, and the output of those it depends on, into one file; each run is noted outside the workspace. */
const BUILD = `import { appendFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
const { name, dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
appendFileSync(process.env.RUNS, name + '\\n');
const own = readdirSync('src', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.parentPath + '/' + entry.name).sort();
const needed = Object.keys(dependencies).sort().map((other) => '../' + other + '/dist/out.txt');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/out.txt', [...own, ...needed].map((file) => file + ': ' + readFileSync(file, 'utf8')).join('\\n'));
console.log('built ' + name);
`;

export interface TestWorkspace {
  readonly root: string;
  write(path: string, content: string): Promise<void>;
  /** Builds all; gives the state of each package. */
  build(changed?: Partial<BuildSettings & RunnerRequest> & { rules?: unknown }): Promise<Record<string, TaskResult['state']>>;
  /** The results of the last build. */
  results(): readonly TaskResult[];
  /** What it printed, by task. */
  logs(): ReadonlyMap<string, string>;
  /** What went wrong beside the tasks. */
  faults(): readonly string[];
  /** File to which each run of a package's build appends its name. */
  readonly runs: string;
}

/** A git repository with an npm workspace of packages that depend on each other, removed after the test. */
export async function makeWorkspace(packages: Readonly<Record<string, readonly string[]>>): Promise<TestWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'selfheal-build-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'workspace');
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await write('package.json', JSON.stringify({ name: 'all', private: true, workspaces: ['packages/*'] }));
  await write('.gitignore', 'dist/\nnode_modules/\n');
  await write('build.mjs', BUILD);
  for (const [name, needed] of Object.entries(packages)) {
    const dependencies = Object.fromEntries(needed.map((other) => [other, '*']));
    await write(
      `packages/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', scripts: { build: 'node ../../build.mjs' }, dependencies }),
    );
    await write(`packages/${name}/src/index.txt`, name);
  }
  await git(root, ['init', '--quiet']);
  let last: { results: readonly TaskResult[]; faults: readonly string[] } = { results: [], faults: [] };
  const logs = new Map<string, string>();
  const runs = join(folder, 'runs.txt');
  return {
    root,
    write,
    runs,
    results: () => last.results,
    faults: () => last.faults,
    logs: () => logs,
    build: async ({ rules = { build: { env: ['RUNS'] } }, onEvent, ...changed } = {}) => {
      const workspace = await readWorkspace(root);
      const plan = planTasks(workspace, buildConfig.parse({ tasks: rules }).tasks, {
        tasks: ['build'],
        packages: workspace.packages.map(({ name }) => name),
      });
      const request = { root, folder: join(folder, 'data'), force: false, env: { ...process.env, RUNS: runs }, ...changed };
      const { runner, close } = await openTaskRunner({ redaction: async () => () => (line) => line, ...request });
      const results = await runBuild({
        plan,
        runner,
        concurrency: 2,
        onFailure: 'continue',
        signal: new AbortController().signal,
        lines: false,
        ...changed,
        onEvent: (event, progress) => {
          if (event.kind === 'ended') logs.set(event.result.id, event.log);
          onEvent?.(event, progress);
        },
      });
      last = { results, faults: await close() };
      return Object.fromEntries(last.results.map(({ id, state }) => [id.replace('#build', ''), state]));
    },
  };
}
