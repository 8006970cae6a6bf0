import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
const GRACE_MS = 5_000;

/**
 * Runs a command until it ends, passing on the signals that this process gets.
 *
 * options: `cwd`, `env`; `capture` (keep the output instead of showing it); `timeoutMs` (then the command is ended: SIGTERM, later SIGKILL).
 * Returns `{ exitCode, output, timedOut }`; the exit code of a command that a signal ended is 128 + signal, as in a shell, and 127 when it
 * could not be started.
 */
export function runCommand(command, args, options) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let output = '';
    let timedOut = false;
    const timers = [];
    const finish = (exitCode) => {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of PASSED_ON) process.off(signal, passOn);
      done({ exitCode, output, timedOut });
    };
    const passOn = (signal) => {
      // Ctrl-C in a terminal reaches the whole process group, the child included: a second SIGINT would cut its clean end short.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const keep = (chunk) => {
      output += chunk;
    };
    const endIt = () => {
      timedOut = true;
      child.kill('SIGTERM');
    };
    for (const signal of PASSED_ON) process.on(signal, passOn);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep);
    if (options.timeoutMs !== undefined) {
      timers.push(setTimeout(endIt, options.timeoutMs));
      timers.push(setTimeout(() => child.kill('SIGKILL'), options.timeoutMs + GRACE_MS));
    }
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
