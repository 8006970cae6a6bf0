import { resolve } from 'node:path';
import type { SelfHealingOptions } from 'selfheal';

/** Options that every command with a repository takes. */
export interface CommonOptions {
  readonly repo: string;
  readonly data?: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

export interface HealOptions {
  readonly logs?: string[];
  readonly approve?: 'auto' | 'review';
  readonly stopAfter?: 'diagnose' | 'fix' | 'validate' | 'merge' | 'deploy';
  readonly unsafeNoSandbox?: boolean;
}

type Overrides = NonNullable<SelfHealingOptions['config']>;

/** Flags as configuration; paths given on the command line are relative to where the command runs. */
export function overridesOf(options: HealOptions): Overrides {
  const policy = {
    ...(options.approve === undefined ? {} : { approve: options.approve }),
    ...(options.stopAfter === undefined ? {} : { stopAfter: options.stopAfter }),
  };
  return {
    ...(options.logs === undefined ? {} : { logs: options.logs.map((path) => resolve(path)) }),
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    ...(options.unsafeNoSandbox === true ? { sandbox: { unsafe: true } } : {}),
  };
}
