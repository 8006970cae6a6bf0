import { join } from 'node:path';
import { type Checkout, type RunResult, type SelfhealConfig, SelfhealError, type WarmSandbox } from '@selfheal/contracts';
import { RepositoryCheckout } from './checkout/checkout.ts';
import { sweepCopyFolders } from './checkout/copy-folder.ts';
import { confinedEnvironment, type Mount, systemMounts } from './confine/plan.ts';
import { type ConfinedRun, runConfined } from './confine/run.ts';
import { type ConfinementTool, findConfinement } from './confine/tool.ts';
import { detectRunner } from './runners/detect-runner.ts';
import { runTests } from './runners/run-tests.ts';
import { findTypeCheck } from './runners/type-check-command.ts';

export interface SandboxOptions {
  /** Absolute path of the watched repository (or of one package of it). */
  readonly root: string;
  /** Absolute path of selfheal's own state; copies and installed packages are kept below it. */
  readonly dataDir: string;
  readonly config: SelfhealConfig;
}

interface Step {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Where it runs, relative to the checkout. */
  readonly folder?: string;
  readonly input?: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly talk?: ConfinedRun['talk'];
}

/** More than any test suite needs, few enough for a fork bomb to end at once. */
const MOST_PROCESSES = 256;
const MOST_DISK_MB = 1024;
/** Longer than any search: it ends with its caller. */
const WARM_LIFE_MS = 3_600_000;

/** The sandbox over one repository: private copies, confined commands and test runs. Copies of killed processes are removed first. */
export function createSandbox({ root, dataDir, config }: SandboxOptions): WarmSandbox {
  let tool: Promise<ConfinementTool> | undefined;
  let swept: Promise<number> | undefined;

  const execute = async (checkout: RepositoryCheckout, step: Step): Promise<RunResult> => {
    tool ??= findConfinement(checkout.folder.etc, config.sandbox.unsafe);
    const found = await tool.catch((error: unknown) => {
      // What is missing may be installed before the next try.
      tool = undefined;
      throw error;
    });
    return runConfined(found, {
      argv: step.argv,
      cwd: join(checkout.path, step.folder ?? ''),
      env: await confinedEnvironment(checkout.binFoldersOf(step.folder ?? ''), {
        ...(found.kind === 'none' ? { HOME: checkout.folder.home } : {}),
        ...step.env,
      }),
      mounts: [...(await systemMounts(checkout.folder.etc)), ...step.mounts],
      limits: { memoryMb: config.sandbox.memoryMb, processes: MOST_PROCESSES, diskMb: MOST_DISK_MB },
      timeoutMs: step.timeoutMs ?? config.sandbox.testTimeoutMs,
      ...(step.input === undefined ? {} : { input: step.input }),
      ...(step.signal === undefined ? {} : { signal: step.signal }),
      ...(step.talk === undefined ? {} : { talk: step.talk }),
    });
  };

  return {
    async checkout(commit) {
      swept ??= sweepCopyFolders(join(dataDir, 'sandbox'));
      await swept;
      return RepositoryCheckout.create({ root, commit, dataDir, config });
    },
    async detectRunner(folder) {
      return detectRunner(folder, config.test);
    },
    async detectTypeCheck(folder) {
      return findTypeCheck(folder, config.test);
    },
    async run(checkout, command, options = {}) {
      const ours = requireOurs(checkout);
      return execute(ours, { argv: ['sh', '-c', command], mounts: ours.mounts, ...options });
    },
    async runTests(checkout, runner, options = {}) {
      const ours = requireOurs(checkout);
      const timeoutMs = options.timeoutMs ?? config.sandbox.testTimeoutMs;
      return runTests(ours, runner, { ...options, timeoutMs }, (step) => execute(ours, step));
    },
    async openWarmTests(checkout, runner, { sources, signal }) {
      const ours = requireOurs(checkout);
      // Brings the compiler along, which an engine at rest does without.
      const { openWarmTests } = await import('./warm/open-warm-tests.ts');
      return openWarmTests(ours, runner, sources, (step) => (talk) => {
        const ended = signal === undefined ? step.signal : AbortSignal.any([signal, step.signal]);
        return execute(ours, { argv: step.argv, mounts: step.mounts, signal: ended, talk, timeoutMs: WARM_LIFE_MS });
      });
    },
  };
}

function requireOurs(checkout: Checkout): RepositoryCheckout {
  if (checkout instanceof RepositoryCheckout) return checkout;
  throw new SelfhealError('SANDBOX_FAILED', 'the checkout was not made by this sandbox', { where: { path: checkout.path } });
}
