#!/usr/bin/env node
// The launcher: runs under any Node >= 20.19 and hands over to Node 24, which the package `node` brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../src/main.ts');
// An installed package has no sources that Node may strip (it refuses under node_modules); a checkout has no build.
const entry = existsSync(join(here, '../dist/main.js')) && !existsSync(source) ? join(here, '../dist/main.js') : source;

// Kept compiled, modules load in half the time. Not in the shared temporary folder, where others could put code; threads and children read the variable.
const cache = process.env.SELFHEAL_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'selfheal');
process.env.NODE_COMPILE_CACHE ||= join(cache, 'compiled');

// A heap may grow to three times what is in use before all of it is collected. Where a thread's memory is bounded, the engine by itself
// collects at a third more than what is in use; parsing telemetry then spent half of its time on that. What is new is collected by the thread
// that made it: helpers took a seventh more processor time in all, and where others want the processors too, were waited for.
const HEAP_FLAGS = ['--heap-growing-percent=200', '--no-parallel-scavenge'];

if (Number(process.versions.node.split('.')[0]) >= 24) {
  for (const flag of HEAP_FLAGS) v8.setFlagsFromString(flag);
  module.enableCompileCache();
  await import(entry);
} else {
  const child = spawn(node24(), [...HEAP_FLAGS, entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
  child.on('error', (error) => {
    console.error(`selfheal: Node 24 cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
}

function node24() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', name);
  } catch {
    console.error(`selfheal: needs Node 24 or newer (this is ${process.version}); install it, or run npm install in this project`);
    process.exit(1);
  }
}
