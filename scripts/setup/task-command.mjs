import { join } from 'node:path';

/** What `bootstrap.mjs` can run; `setup` only makes the machine ready. */
export const TASKS = ['start', 'test', 'bench', 'setup'];

/** The arguments for Node 24 that run the task, or undefined where the set-up was all. */
export function taskCommand(root, task, args) {
  switch (task) {
    case 'start':
      return [join(root, 'scripts/start.ts'), ...args];
    case 'bench':
      return [join(root, 'scripts/bench.ts'), ...args];
    case 'test':
      return [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, ...reportOptions(root, args), ...args];
    default:
      return undefined;
  }
}

/** A JSON report beside what the terminal shows, unless the caller chooses reporters or places; `.ci/run` reads it. */
function reportOptions(root, args) {
  const options = [];
  if (!names(args, '--reporter')) options.push('--reporter=default', '--reporter=json');
  if (!names(args, '--outputFile')) options.push(`--outputFile.json=${join(root, '.cache/test-report.json')}`);
  return options;
}

function names(args, option) {
  return args.some((arg) => arg === option || arg.startsWith(`${option}=`) || arg.startsWith(`${option}.`));
}
