import type { Invocation } from './invocation.ts';
import { endOf } from './invocation.ts';
import { isErrorLevel } from './log-event.ts';

/**
 * Leaves off the invocations that fail with an error the fault-free phase has already, in whichever service, and what ends after them in the same trace:
 * what fails anyway hides or imitates a fault.
 * Two errors are the same where their words are, names of services apart. An operation that (nearly) always logs the error keeps all its invocations, or nothing could be said of it.
 */
export function withoutKnownErrors(
  baseline: readonly Invocation[],
  current: readonly Invocation[],
): { baseline: Invocation[]; current: Invocation[] } {
  const services = new Set([...baseline, ...current].map(({ service }) => service));
  const words = new Map<Invocation, string[]>();
  const all = [...baseline, ...current];
  const hasLogs = all.some(({ features }) => features.keys().some((feature) => feature.startsWith('log ')));
  for (const invocation of all) words.set(invocation, errorsOf(invocation, services, hasLogs));
  const known = new Set(baseline.flatMap((invocation) => words.get(invocation) ?? []));
  const usual = usualErrors(baseline, words);
  const failedAt = new Map<string, number>();
  for (const [invocation, errors] of words) {
    const operation = `${invocation.service}\n${invocation.operation}`;
    if (!errors.some((error) => known.has(error) && !usual.has(`${operation}\n${error}`))) continue;
    const trace = invocation.entry.traceId;
    failedAt.set(trace, Math.min(failedAt.get(trace) ?? Number.POSITIVE_INFINITY, endOf(invocation)));
  }
  const keeps = (invocation: Invocation): boolean =>
    endOf(invocation) < (failedAt.get(invocation.entry.traceId) ?? Number.POSITIVE_INFINITY);
  return { baseline: baseline.filter(keeps), current: current.filter(keeps) };
}

/** Fewer clean invocations than this do not tell what is usual without the error. */
const CLEAN = 3;

function usualErrors(baseline: readonly Invocation[], words: Map<Invocation, string[]>): Set<string> {
  const totals = new Map<string, number>();
  const failing = new Map<string, number>();
  for (const invocation of baseline) {
    const operation = `${invocation.service}\n${invocation.operation}`;
    totals.set(operation, (totals.get(operation) ?? 0) + 1);
    for (const error of words.get(invocation) ?? [])
      failing.set(`${operation}\n${error}`, (failing.get(`${operation}\n${error}`) ?? 0) + 1);
  }
  return new Set(
    [...failing].flatMap(([key, count]) => ((totals.get(key.slice(0, key.lastIndexOf('\n'))) ?? 0) - count < CLEAN ? [key] : [])),
  );
}

/** Log lines name errors best; without any the names of spans must do. */
function errorsOf(invocation: Invocation, services: ReadonlySet<string>, hasLogs: boolean): string[] {
  const errors: string[] = [];
  for (const [feature, { level, line }] of invocation.features) {
    if (feature.startsWith('log ') && isErrorLevel(level)) errors.push(errorWords(line, services));
    else if (!hasLogs && /error|exception|fail/i.test(feature)) errors.push(feature);
  }
  return errors;
}

/** The words of a line without ids, numbers and names of services; at most 40. */
function errorWords(line: string, services: ReadonlySet<string>): string {
  return line
    .split(/[^\w.$#-]+/)
    .map((word) => word.replace(/[.]$/, ''))
    .filter((word) => word.length > 2 && !services.has(word) && (!/\d/.test(word) || word.includes('#')))
    .slice(0, 40)
    .join(' ');
}
