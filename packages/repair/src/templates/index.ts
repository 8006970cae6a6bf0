import type { FixTemplate } from '@selfheal/contracts';
import { defaultValue } from './default-value.ts';
import { guardNull } from './guard-null.ts';
import { moveSteps } from './move-steps.ts';
import { optionalChain } from './optional-chain.ts';
import { parallelAwaits } from './parallel-awaits.ts';

/** The built-in fix templates; those of plugins are added to them. */
export const fixTemplates: readonly FixTemplate[] = [guardNull, optionalChain, defaultValue, parallelAwaits, moveSteps];
