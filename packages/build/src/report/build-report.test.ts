import { createGraph } from '@selfheal/build-graph';
import { expect, test } from 'vitest';
import type { TaskResult } from '../run/build-event.ts';
import { type Task, taskId } from '../task/task.ts';
import { buildReport } from './build-report.ts';
import { junit } from './junit.ts';

const DEPENDENCIES = { app: ['lib', 'ui'], lib: [], ui: [], site: ['app'], alone: [] };

const tasks = Object.entries(DEPENDENCIES).map(
  ([packageName, needed]): Task => ({
    id: taskId(packageName, 'build'),
    packageName,
    task: 'build',
    directory: packageName,
    command: 'true',
    dependsOn: needed.map((name) => taskId(name, 'build')),
    inputs: [],
    outputs: [],
    env: [],
    cache: true,
    timeoutMs: 1_000,
  }),
);
const made = createGraph(tasks);
if ('faults' in made) throw new TypeError('a sound graph');
const plan = { tasks: new Map(tasks.map((task) => [task.id, task])), graph: made.graph };

const result = (
  name: string,
  state: TaskResult['state'],
  times: [number, number] | undefined,
  more: Partial<TaskResult> = {},
): TaskResult => ({
  id: taskId(name, 'build'),
  state,
  blockedBy: [],
  ...(times === undefined ? {} : { startedMs: times[0], endedMs: times[1] }),
  ...more,
});

const report = buildReport({
  buildId: 'b1',
  request: { tasks: ['build'], filters: [] },
  before: undefined,
  logs: new Map([['app#build', { file: 'runs/b1/logs/app.log', quality: { errors: 2, warnings: 1 } }]]),
  faults: [],
  fixes: [],
  alerts: [],
  startedAt: new Date('2026-01-02T03:04:05.000Z'),
  totalMs: 200,
  concurrency: 2,
  plan,
  results: [
    result('app', 'failed', [110, 200], { error: 'exit code 1: true\n<a & "b">\u0007' }),
    result('lib', 'built', [0, 100]),
    result('ui', 'cached', [0, 40]),
    result('site', 'blocked', undefined, { blockedBy: ['app#build'] }),
    result('alone', 'built', [40, 90]),
  ],
});

test('counts every package, whatever became of it', () => {
  expect(report).toMatchObject({
    totalPackages: 5,
    successful: 3,
    failed: 1,
    counts: { built: 2, healed: 0, cached: 1, failed: 1, blocked: 1, cancelled: 0 },
    slowestPackages: [
      { packageName: 'lib', duration: 100 },
      { packageName: 'app', duration: 90 },
      { packageName: 'alone', duration: 50 },
      { packageName: 'ui', duration: 40 },
      { packageName: 'site', duration: 0 },
    ],
    criticalPath: { path: ['lib#build', 'app#build', 'site#build'], duration: 190 },
    totalWaitTime: 100,
    alerts: [{ kind: 'failures', message: '1 of 5 tasks failed: more than 10 %' }],
  });
});

test('tells what a package waited for, and how long for a slot', () => {
  expect(report.packageReports[0]).toEqual({
    packageName: 'app',
    task: 'build',
    workflowId: 'b1',
    status: 'failed',
    startTime: '2026-01-02T03:04:05.110Z',
    endTime: '2026-01-02T03:04:05.200Z',
    duration: 90,
    dependencies: ['lib#build', 'ui#build'],
    waitedFor: [
      { packageName: 'lib', waitTime: 100 },
      { packageName: 'ui', waitTime: 40 },
    ],
    buildMetrics: { queued: 10, cacheHit: false },
    quality: { errors: 2, warnings: 1 },
    log: 'runs/b1/logs/app.log',
    blockedBy: [],
    fixAttempts: 0,
    error: 'exit code 1: true\n<a & "b">\u0007',
  });
});

test('shows how many ran when', () => {
  expect(report.concurrency).toEqual({
    limit: 2,
    timeline: [
      [0, 2],
      [90, 1],
      [100, 0],
      [110, 1],
      [200, 0],
    ],
    utilisation: 0.7,
  });
});

test('is written for any CI', () => {
  const xml = junit(report);
  expect(xml).toContain('tests="5" failures="1" skipped="1"');
  expect(xml).toContain('<failure message="exit code 1: true">exit code 1: true\n&lt;a &amp; &quot;b&quot;&gt;</failure>');
  expect(xml).toContain('<skipped message="needs app#build"/>');
});
