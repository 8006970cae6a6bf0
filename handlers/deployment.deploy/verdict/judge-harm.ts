import type { ErrorStats, Patch } from '@selfheal/contracts';
import { fisherGreater } from '@selfheal/statistics';
import { callsOf, operationsOf } from '../observe/observation.ts';
import { EARLY_ALPHA, type Evidence, inWords, percent } from './judgement.ts';

/** Fewer more failures than this may be anything. */
const LEAST_FAILURES = 3;

/** Errors at the fix with a frame in production code that the patch changed: candidates for harm that it did. */
export function suspectErrors({ after }: Pick<Evidence, 'after'>, patch: Pick<Patch, 'files' | 'testFiles'>): ErrorStats[] {
  const changed = new Set(patch.files.filter((file) => !patch.testFiles.includes(file)));
  return after.slice.errors.filter(({ frames }) => frames.some(({ inApp, file }) => inApp && changed.has(file)));
}

/** What got worse with the fix: an error in the changed code that was never seen before, or a rising error rate of the operation. */
export function harmDone({ anomaly, before, after }: Evidence, newErrors: readonly ErrorStats[]): string | undefined {
  const [worst] = [...newErrors].sort((a, b) => b.count - a.count);
  if (worst !== undefined) return `a new error in the changed code: ${worst.type}: ${worst.normalisedMessage} (${worst.count} times)`;
  const operations = operationsOf(anomaly);
  if (operations.length === 0) return undefined;
  const then = callsOf(before, operations);
  const now = callsOf(after, operations);
  const pValue = fisherGreater({ hits: then.failed, total: then.calls }, { hits: now.failed, total: now.calls });
  if (then.calls === 0 || now.failed < LEAST_FAILURES || pValue >= EARLY_ALPHA) return undefined;
  return `the error rate of ${operations.join(', ')} rose from ${percent(then.failed / then.calls)} to ${percent(now.failed / now.calls)} (${inWords(pValue)})`;
}
