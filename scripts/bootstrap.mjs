#!/usr/bin/env node
/**
 * Runs a task of this repository from a fresh clone: `node scripts/bootstrap.mjs <start|test|bench|setup> [args]`.
 *
 * Plain JavaScript without dependencies, because it runs under whatever Node is there (20.19 or newer) before anything is installed:
 * it installs the packages, has Node 24 (which comes with them) see to the rest of the machine, and runs the task with that Node.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, node24Path } from './setup/install-packages.mjs';
import { nodeVersionProblem } from './setup/node-version.mjs';
import { runCommand } from './setup/run-command.mjs';
import { withSetupLock } from './setup/setup-lock.mjs';
import { TASKS, taskCommand } from './setup/task-command.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.exitCode = await bootstrap(process.argv[2], process.argv.slice(3));

/** Returns the exit code: that of the task, 1 when the set-up failed, 2 for a wrong call. */
async function bootstrap(task, args) {
  if (task === undefined || !TASKS.includes(task)) {
    console.error(`usage: node scripts/bootstrap.mjs <${TASKS.join('|')}> [args]`);
    return 2;
  }
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const ready = await withSetupLock(root, () => prepare(task));
  const command = taskCommand(root, task, args);
  return ready === 0 && command !== undefined ? runNode24(command) : ready;
}

async function prepare(task) {
  const installed = await installPackages(root);
  return installed === 0 ? runNode24([resolve(root, 'scripts/setup/prepare-machine.ts'), task]) : installed;
}

async function runNode24(args) {
  const path = [resolve(root, 'node_modules/.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':');
  const env = { ...process.env, ...compileCache(args), PATH: path };
  const result = await runCommand(node24Path(root), args, { cwd: process.cwd(), env });
  return result.exitCode;
}

/** Modules are kept compiled, for the many processes that load the same ones; coverage would be less precise with it. */
function compileCache(args) {
  if (args.some((arg) => arg.startsWith('--coverage'))) return { NODE_COMPILE_CACHE: undefined };
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? resolve(root, '.cache/compiled') };
}
