import type { ServiceEvidence } from '@selfheal/contracts';
import { rateChange } from './bayes-factor.ts';
import { type FeatureLoss, featureLoss, sourceOf } from './feature-loss.ts';
import type { Invocation } from './invocation.ts';
import { endOf } from './invocation.ts';
import { withoutKnownErrors } from './known-errors.ts';
import { isErrorLevel } from './log-event.ts';
import { countByOperation, type OperationCount, operationKey } from './operation-count.ts';

/**
 * Which operations log, call or fail otherwise than in the baseline. Per operation of a service each feature's rate (share of invocations in which a log event,
 * an inner span or a call occurs) is compared by a Bayes factor: missing events, new events, errors. In each trace only what ended before any other service
 * deviated counts, for a callee ends before its caller and the earlier of two calls before the later: what follows is a consequence, not a cause.
 * After Nezha's comparison of event patterns of traces and logs with a fault-free phase (Yu et al., ESEC/FSE 2023) and TraceRCA's suspects over
 * normal and abnormal traces (Li et al., IWQoS 2021).
 */
export function patternEvidence(allBaseline: readonly Invocation[], allCurrent: readonly Invocation[]): ServiceEvidence[] {
  const collected = featureLoss(countByOperation(allBaseline), countByOperation(allCurrent));
  const comparable = collected.log > MOST_LOST ? [withoutLogs(allBaseline), withoutLogs(allCurrent)] : [allBaseline, allCurrent];
  const { baseline, current } = withoutKnownErrors(comparable[0] ?? [], comparable[1] ?? []);
  const loss = featureLoss(countByOperation(baseline), countByOperation(current));
  const first = deviations(countByOperation(baseline), countByOperation(current), loss);
  if (first.size === 0) return [];
  const base = countByOperation(beforeOthers(baseline, first));
  const seen = countByOperation(beforeOthers(current, first));
  return [...deviations(base, seen, loss).values()].flatMap((changes) => changes.map(evidenceOf));
}

interface Change {
  readonly base: OperationCount;
  readonly seen: OperationCount;
  readonly feature: string;
  readonly rises: boolean;
  readonly weight: number;
}

/** Where more of the log lines are missing, telemetry is compared without them, or known errors would be left off on one side only. */
const MOST_LOST = 0.5;
const NOTABLE = Math.log(10);
/** An operation seen less often in the baseline does not tell what is usual for it. */
const KNOWN = 3;

function deviations(base: Map<string, OperationCount>, seen: Map<string, OperationCount>, loss: FeatureLoss): Map<string, Change[]> {
  const result = new Map<string, Change[]>();
  const logging = servicesWithLogs(base.values()).intersection(servicesWithLogs(seen.values()));
  for (const [key, now] of seen) {
    const before = base.get(key);
    if (before === undefined || before.invocations.length < KNOWN) continue;
    const changes: Change[] = [];
    for (const feature of new Set([...before.features.keys(), ...now.features.keys()])) {
      if (feature.startsWith('log ') && !logging.has(now.service)) continue;
      const lost = loss[sourceOf(feature)];
      const [a, n] = [before.features.get(feature)?.count ?? 0, before.invocations.length];
      const [b, m] = [now.features.get(feature)?.count ?? 0, now.invocations.length];
      const rises = b / m > (a / n) * (1 - lost);
      const weight = rateChange(a, n, b, m, lost) * relevance(feature, rises, before, now);
      if (weight > NOTABLE) changes.push({ base: before, seen: now, feature, rises, weight });
    }
    if (changes.length > 0)
      result.set(
        key,
        changes.sort((x, y) => y.weight - x.weight),
      );
  }
  return result;
}

function withoutLogs(invocations: readonly Invocation[]): Invocation[] {
  return invocations.map((invocation) => ({
    ...invocation,
    features: new Map([...invocation.features].filter(([feature]) => sourceOf(feature) !== 'log')),
  }));
}

/** A service without a single log line on one side was not collected there: that tells nothing about its statements. */
function servicesWithLogs(counts: Iterable<OperationCount>): Set<string> {
  const services = new Set<string>();
  for (const { service, features } of counts) {
    if ([...features.keys()].some((feature) => feature.startsWith('log '))) services.add(service);
  }
  return services;
}

/**
 * How far a change tells of a fault here: an error that comes or a statement that is no longer reached fully; a call or inner span that is missing less,
 * for a callee or the input may be the reason; something new that is no error less again, for other input takes other branches; an error that goes away not at all.
 */
function relevance(feature: string, rises: boolean, before: OperationCount, now: OperationCount): number {
  const example = (rises ? now : before).features.get(feature)?.examples[0];
  const isError = isErrorLevel(example?.level) || /error|exception|fail/i.test(feature);
  if (isError) return rises ? 1 : 0;
  if (rises) return 0.3;
  return feature.startsWith('log ') ? 1 : 0.5;
}

/** The invocations that ended before any invocation of another service deviated in the same trace. */
function beforeOthers(invocations: readonly Invocation[], changes: Map<string, Change[]>): Invocation[] {
  const firstEnd = new Map<string, { service: string; endMs: number }[]>();
  for (const invocation of invocations) {
    if (!deviates(invocation, changes)) continue;
    const list = firstEnd.get(invocation.entry.traceId) ?? [];
    firstEnd.set(invocation.entry.traceId, list);
    list.push({ service: invocation.service, endMs: endOf(invocation) });
  }
  return invocations.filter((invocation) => {
    const deviants = firstEnd.get(invocation.entry.traceId);
    return deviants === undefined || !deviants.some((other) => other.service !== invocation.service && other.endMs < endOf(invocation));
  });
}

function deviates(invocation: Invocation, changes: Map<string, Change[]>): boolean {
  return changes.get(operationKey(invocation))?.some(({ feature, rises }) => invocation.features.has(feature) === rises) ?? false;
}

function evidenceOf({ base, seen, feature, rises, weight }: Change): ServiceEvidence {
  const example = (rises ? seen : base).features.get(feature)?.examples ?? [];
  const isError = rises && example.some(({ level }) => isErrorLevel(level));
  const region = example.find((one) => one.region !== undefined)?.region;
  const rate = (count: OperationCount) => `in ${count.features.get(feature)?.count ?? 0} of ${count.invocations.length} calls`;
  return {
    service: seen.service,
    operation: seen.operation,
    kind: isError ? 'exception' : 'changed behaviour',
    weight,
    ...(region === undefined ? {} : { region }),
    what: `${rises ? 'new or more often' : 'missing'}: ${feature}`,
    expected: rate(base),
    seen: rate(seen),
    examples: example.map(({ line }) => (rises ? line : `(before) ${line}`)),
  };
}
