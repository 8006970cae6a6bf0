import type { TestRunnerName } from '@selfheal/contracts';

/** Options with a value of their own, by runner; with `=` any option may have one. */
const VALUED: Readonly<Record<TestRunnerName, RegExp>> = {
  'node:test':
    /^(-r|-C|--(import|require|loader|experimental-loader|conditions|env-file|env-file-if-exists|test-(concurrency|name-pattern|skip-pattern|reporter|reporter-destination|timeout|shard|isolation|coverage-\w+|global-setup)))$/,
  vitest:
    /^(-c|-r|-t|--(config|root|dir|mode|environment|project|pool|reporter|outputFile|bail|retry|shard|testNamePattern|testTimeout|hookTimeout|teardownTimeout|maxWorkers|minWorkers|maxConcurrency|exclude|tsconfig|configLoader|workspace|execArgv))$/,
  jest: /^(-c|-t|-w|--(config|rootDir|roots|testMatch|testRegex|testNamePattern|testPathPattern|testPathPatterns|testPathIgnorePatterns|maxWorkers|testTimeout|env|testEnvironment|setupFiles|setupFilesAfterEnv|preset|transform|moduleNameMapper|projects|selectProjects|reporters|outputFile|coverage\w+|collectCoverageFrom|shard|runner|testRunner|globals))$/,
  ava: /^(-m|-c|-T|--(match|concurrency|config|timeout|node-arguments))$/,
  tap: /^(-[RgtjbaBAxI]|--(reporter|reporter-arg|reporter-file|output-file|output-dir|grep|timeout|jobs|before|after|include|exclude|plugin|node-arg|test-arg|test-env|import|loader|require|coverage-report|coverage-map|stack|changed-filter|test-regex|test-ignore|only-files))$|^-r$/,
  mocha:
    /^(-r|-u|-t|-s|-g|-f|-R|-n|-j|--(require|ui|timeout|slow|grep|fgrep|reporter|reporter-option|reporter-options|config|package|file|extension|ignore|exclude|node-option|jobs|retries|import|loader|spec|experimental-loader))$/,
};

/** What we set ourselves, or what makes a run never end, or end early. */
const DROPPED: Readonly<Record<TestRunnerName, RegExp>> = {
  'node:test': /^--(watch|test-reporter|test-reporter-destination|experimental-test-coverage|test-coverage-.*|test-update-snapshots)$/,
  vitest: /^(run|watch|dev|-w|-u|--(run|watch|ui|open|coverage.*|reporter|outputFile.*|bail|silent|update|api|passWithNoTests))$/,
  jest: /^(-b|-o|-u|--(watch|watchAll|coverage.*|collectCoverage.*|reporters|outputFile|json|silent|verbose|bail|ci|onlyChanged|changedSince|lastCommit|findRelatedTests|notify|updateSnapshot|passWithNoTests))$/,
  ava: /^(-w|-s|-t|-v|-u|-m|--(watch|fail-fast|tap|serial-report|verbose|update-snapshots|match|no-color|color))$/,
  // Its files are run without it: of its options, those for Node are kept.
  tap: /^(?!(--(node-arg|import|loader|require)|-r)$)-/,
  mocha: /^(-b|-w|-R|--(watch|reporter|reporter-options?|bail|forbid-only|forbid-pending))$/,
};

/**
 * Parts the arguments of a runner into options that are kept and the files, folders or patterns named. Options that choose reporters,
 * coverage or watch mode are left out.
 */
export function splitArguments(runner: TestRunnerName, args: readonly string[]): { options: string[]; targets: string[] } {
  const options: string[] = [];
  const targets: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const next = args[at + 1];
    const name = word.split('=', 1)[0] ?? word;
    const valued = !word.includes('=') && VALUED[runner].test(word) && next !== undefined;
    const ours = DROPPED[runner].test(name);
    if (valued) at += 1;
    if (ours) continue;
    if (runner === 'mocha' && /^(-s|--spec)(=|$)/.test(word) && (word.includes('=') || /^--spec$/.test(word))) {
      targets.push(word.includes('=') ? word.slice(word.indexOf('=') + 1) : (next ?? ''));
    } else if (word.startsWith('-') && word !== '-') options.push(word, ...(valued ? [next] : []));
    else if (word !== '--') targets.push(word);
  }
  return { options, targets };
}
