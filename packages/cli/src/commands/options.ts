import { resolve } from 'node:path';
import { SelfhealError } from '@selfheal/contracts';
import { type SelfHealingOptions, DEFAULT_OTLP_PORT as USUAL_PORT } from 'selfheal';

/** Options that every command with a repository takes. */
export interface CommonOptions {
  readonly repo: string;
  readonly data?: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

export interface HealOptions {
  /** `-` is standard input. */
  readonly logs?: string[];
  /** A port, true for the usual one, false for none. */
  readonly otlp?: string | boolean;
  readonly approve?: 'auto' | 'review';
  readonly stopAfter?: 'diagnose' | 'fix' | 'validate' | 'merge' | 'deploy';
  readonly unsafeNoSandbox?: boolean;
}

type Overrides = NonNullable<SelfHealingOptions['config']>;

/** Stands for standard input where a path is expected. */
export const STANDARD_INPUT = '-';

/** Flags as configuration; paths given on the command line are relative to where the command runs. */
export function overridesOf(options: HealOptions): Overrides {
  const policy = {
    ...(options.approve === undefined ? {} : { approve: options.approve }),
    ...(options.stopAfter === undefined ? {} : { stopAfter: options.stopAfter }),
  };
  const otlp = otlpOf(options.otlp);
  return {
    ...(options.logs === undefined ? {} : { logs: options.logs.filter((path) => path !== STANDARD_INPUT).map((path) => resolve(path)) }),
    ...(otlp === undefined ? {} : { intake: { otlp } }),
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    ...(options.unsafeNoSandbox === true ? { sandbox: { unsafe: true } } : {}),
  };
}

/** A port that is asked for must be free: it is set, while the usual one is only tried. */
function otlpOf(flag: HealOptions['otlp']): NonNullable<NonNullable<Overrides['intake']>['otlp']> | undefined {
  if (flag === undefined) return undefined;
  if (typeof flag === 'boolean') return { enabled: flag, ...(flag ? { port: USUAL_PORT } : {}) };
  const port = /^\d{1,5}$/.test(flag) ? Number(flag) : Number.NaN;
  if (!(port <= 65_535)) throw new SelfhealError('INPUT_INVALID', `--otlp ${flag}: a port is a number up to 65535`);
  return { enabled: true, port };
}
