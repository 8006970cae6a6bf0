import { isSelfhealError } from '@selfheal/contracts/errors';
import { createProgram } from './program.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The first signal lets the command end in order, the second ends it at once.
  process.once(signal, () => {
    controller.abort(signal);
    process.once(signal, () => process.exit(130));
  });
}

// Who reads the output may have enough of it (`| head`): no failure, and nobody is left to tell of one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = createProgram({
  signal: controller.signal,
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = 1;
  if (isSelfhealError(error)) process.stderr.write(`selfheal: ${error.message} [${error.code}]\n`);
  else
    process.stderr.write(
      `selfheal: ${error instanceof Error ? (process.env.SELFHEAL_DEBUG === undefined ? error.message : error.stack) : String(error)}\n`,
    );
}
