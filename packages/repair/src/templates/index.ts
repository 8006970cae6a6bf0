import type { FixTemplate } from '@selfheal/contracts';
import { addAwait } from './add-await.ts';
import { addCase } from './add-case.ts';
import { changeCondition } from './change-condition.ts';
import { checkBounds } from './check-bounds.ts';
import { checkDate } from './check-date.ts';
import { defaultValue } from './default-value.ts';
import { dropWait } from './drop-wait.ts';
import { guardNull } from './guard-null.ts';
import { guardThrowingCall } from './guard-throwing-call.ts';
import { handleRejection } from './handle-rejection.ts';
import { hoistInvariant } from './hoist-invariant.ts';
import { indexLookup } from './index-lookup.ts';
import { insertStep } from './insert-step.ts';
import { makeCallable } from './make-callable.ts';
import { memoisePure } from './memoise-pure.ts';
import { moveSteps } from './move-steps.ts';
import { nearestName } from './nearest-name.ts';
import { optionalChain } from './optional-chain.ts';
import { parallelAwaits } from './parallel-awaits.ts';
import { removeStep } from './remove-step.ts';
import { renameField } from './rename-field.ts';

/** The built-in fix templates; those of plugins are added to them. */
export const fixTemplates: readonly FixTemplate[] = [
  guardNull,
  optionalChain,
  defaultValue,
  addAwait,
  guardThrowingCall,
  checkDate,
  checkBounds,
  renameField,
  nearestName,
  makeCallable,
  changeCondition,
  addCase,
  handleRejection,
  parallelAwaits,
  indexLookup,
  hoistInvariant,
  memoisePure,
  moveSteps,
  insertStep,
  removeStep,
  dropWait,
];
