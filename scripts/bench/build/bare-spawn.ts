/**
 * The floor of a build from nothing, as a command: list scheduling with the true durations, and of each package no more than the start of
 * its shell line. `node bare-spawn.ts <workspace> <durations.json> <slots>`. What a task runner adds on this machine, as loaded as it is,
 * is what it takes beyond this.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGraph, Schedule } from '@selfheal/build-graph';

const [root = '.', durationsFile = '', slots = '1'] = process.argv.slice(2);
const durations: Readonly<Record<string, number>> = JSON.parse(readFileSync(durationsFile, 'utf8'));
const manifests = new Map<string, { readonly scripts: { readonly build: string }; readonly dependencies: Record<string, string> }>(
  Object.keys(durations).map((name) => [name, JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))]),
);
const made = createGraph([...manifests].map(([id, { dependencies }]) => ({ id, dependsOn: Object.keys(dependencies) })));
if ('faults' in made) throw new TypeError(JSON.stringify(made.faults));
const schedule = new Schedule({
  graph: made.graph,
  concurrency: Number(slots),
  onFailure: 'stop',
  durations: new Map(Object.entries(durations)),
});

function startReady(): void {
  for (const name of schedule.take()) {
    const command = manifests.get(name)?.scripts.build ?? 'false';
    spawn('/bin/sh', ['-c', command], { cwd: join(root, 'packages', name), stdio: 'ignore' }).once('exit', (code) => {
      if (code !== 0) process.exitCode = 1;
      schedule.finish(name, code === 0 ? 'done' : 'failed');
      startReady();
    });
  }
}

startReady();
