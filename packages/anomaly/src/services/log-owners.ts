import type { ServiceLog } from '@selfheal/contracts';
import type { Invocation } from './invocation.ts';

/**
 * The invocation that wrote a log line without the id of a known span: of the line's service and trace, or, where the line names no trace, of its service alone,
 * the one under way at its time. Lines without a trace that fall into several are nobody's, in the baseline as in what is looked at, so neither side gains by them.
 */
export function logOwners(invocations: Iterable<Invocation>): (log: ServiceLog) => Invocation | undefined {
  const all = [...invocations];
  const byTrace = Map.groupBy(all, ({ entry, service }) => `${entry.traceId}/${service}`);
  let byTime: ((log: ServiceLog) => Invocation | undefined) | undefined;
  return (log) => {
    if (log.traceId !== undefined) {
      const list = byTrace.get(`${log.traceId}/${log.service}`) ?? [];
      return list.find((invocation) => isUnderWay(invocation, log.atMs)) ?? list.at(-1);
    }
    byTime ??= ownersByTime(all);
    return byTime(log);
  };
}

function ownersByTime(invocations: readonly Invocation[]): (log: ServiceLog) => Invocation | undefined {
  const byService = new Map<string, { list: Invocation[]; longestMs: number }>();
  for (const [service, list] of Map.groupBy(invocations, (invocation) => invocation.service)) {
    const longestMs = list.reduce((most, { entry }) => Math.max(most, entry.durationMs), 0);
    byService.set(service, { list: list.sort((a, b) => a.entry.startMs - b.entry.startMs), longestMs });
  }
  return ({ service, atMs }) => {
    const known = byService.get(service);
    if (known === undefined) return undefined;
    let owner: Invocation | undefined;
    for (let index = firstAfter(known.list, atMs) - 1; index >= 0; index -= 1) {
      const invocation = known.list[index];
      if (invocation === undefined || invocation.entry.startMs < atMs - known.longestMs) break;
      if (!isUnderWay(invocation, atMs)) continue;
      if (owner !== undefined) return undefined;
      owner = invocation;
    }
    return owner;
  };
}

function isUnderWay({ entry }: Invocation, atMs: number): boolean {
  return entry.startMs <= atMs && atMs <= entry.startMs + entry.durationMs;
}

/** Index of the first invocation that starts after `atMs`; the list is in order of start. */
function firstAfter(list: readonly Invocation[], atMs: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.entry.startMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
