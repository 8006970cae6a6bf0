import type * as contracts from '@selfheal/contracts';
import { expectTypeOf, test } from 'vitest';
import type * as compiled from './remediation-types.ts';

// Checked by the compiler: what a compiled project hands to the engine is what the engine takes.
test('the types of compiled projects are those of the contracts', () => {
  expectTypeOf<compiled.AiRemediationOptions>().toEqualTypeOf<contracts.AiRemediationOptions>();
  expectTypeOf<compiled.AttemptResult>().toEqualTypeOf<contracts.AttemptResult>();
  expectTypeOf<compiled.DecisionOutcome>().toEqualTypeOf<contracts.DecisionOutcome>();
  expectTypeOf<compiled.FailedBeat>().toEqualTypeOf<contracts.FailedBeat>();
  expectTypeOf<compiled.PreviousAttempt>().toEqualTypeOf<contracts.PreviousAttempt>();
  expectTypeOf<compiled.Ref>().toEqualTypeOf<contracts.Ref>();
  expectTypeOf<compiled.RemediationDecision>().toEqualTypeOf<contracts.RemediationDecision>();
  expectTypeOf<compiled.RemediationAttempt>().toEqualTypeOf<Pick<contracts.RemediationAttempt, 'trigger' | 'timings'>>();
});
