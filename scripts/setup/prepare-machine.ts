/**
 * The part of the set-up that runs under Node 24: sees to what a task needs outside node_modules.
 * Called by bootstrap.mjs as `prepare-machine.ts <task>`; exits 1 when something is missing without which the task cannot run.
 */
import { resolve } from 'node:path';
import type { MachineNeed, SetupContext, Task } from './machine-need.ts';
import { postgresServer } from './postgres-server.ts';
import { sandboxTool } from './sandbox-tool.ts';
import { SetupMemory } from './setup-memory.ts';
import { temporalServer } from './temporal-server.ts';

const NEEDS: Readonly<Record<Task, readonly MachineNeed[]>> = {
  start: [temporalServer, sandboxTool],
  test: [temporalServer, sandboxTool, postgresServer],
  bench: [temporalServer, sandboxTool],
  setup: [temporalServer, sandboxTool, postgresServer],
};

if (import.meta.main) process.exitCode = (await prepareFor(process.argv[2])) ? 0 : 1;

/** Sees to each need in turn, says in one line what cannot be had, and returns whether the task can run. */
export async function prepareMachine(needs: readonly MachineNeed[], context: SetupContext): Promise<boolean> {
  let ready = true;
  for (const need of needs) {
    const missing = await need.ensure(context);
    if (missing === undefined) continue;
    context.say(missing);
    if (need.requiredBy.includes(context.task)) ready = false;
  }
  return ready;
}

function prepareFor(task: string | undefined): Promise<boolean> {
  if (!isTask(task)) throw new Error(`no such task: ${task}`);
  const root = resolve(import.meta.dirname, '../..');
  const say = (line: string) => console.error(`set-up: ${line}`);
  const context: SetupContext = { root, task, env: process.env, userId: process.getuid?.(), memory: new SetupMemory(root), say };
  return prepareMachine(NEEDS[task], context);
}

function isTask(name: string | undefined): name is Task {
  return name !== undefined && Object.hasOwn(NEEDS, name);
}
